"""What the system says of files and folders, as staff read it."""

import errno

_TROUBLES = {
    errno.ENOENT: "ce fichier ou son dossier n'existe pas", errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé", errno.EISDIR: "c'est un dossier", errno.ENOTDIR: "ce n'est pas un dossier",
    # A folder is only refused for being there already where something else than a folder is.
    errno.EEXIST: "ce n'est pas un dossier",
    errno.ENOSPC: "le disque est plein", errno.EDQUOT: "le disque est plein", errno.EFBIG: "le disque est plein",
    errno.EROFS: "on ne peut rien écrire sur ce disque", errno.EIO: "le disque ne répond pas",
    errno.EPIPE: "ce qui devait recevoir la copie s'est arrêté",
}  # fmt: skip


def trouble(error: OSError) -> str:
    """Say what is wrong with a file or a folder, without naming it; in the system's own words where we have none."""
    return _TROUBLES.get(error.errno or 0, error.strerror or str(error))
