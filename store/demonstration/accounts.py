"""The accounts of the demonstration: the sign-in page names them where they exist."""

DOMAIN = "passerelle.example"
PASSWORD = "demonstration"  # noqa: S105 - printed on the sign-in page of the demonstration
#: Name in the address -> full name and role.
ACCOUNTS = {
    "admin": ("Alix Administration", "admin"),
    "coordination": ("Camille Coordination", "coordinator"),
    "tutrice": ("Claire Fontaine", "tutor"),
    "jury": ("Dominique Jury", "juror"),
    "lecture": ("Lou Lecture", "reader"),
}
