/**
 * Passerelle : dit à l'intranet que ce classeur a changé, pour qu'il le lise aussitôt.
 *
 * Ce script n'envoie aucune valeur : seulement l'identifiant du classeur et un secret qui ne sert qu'à cela.
 * Pour l'installer : choisissez « installer » dans la barre d'outils, puis « Exécuter ».
 */
const PASSERELLE = {
  adresse: {{ address | tojson }},
  classeur: {{ book | tojson }},
  secret: {{ secret | tojson }},
  // Pendant tant de secondes, plusieurs saisies ne font qu'un signal.
  repos: 5,
};

/** À exécuter une fois : pose les déclencheurs et envoie un premier signal. */
function installer() {
  desinstaller();
  const classeur = SpreadsheetApp.getActive();
  ScriptApp.newTrigger("prevenir").forSpreadsheet(classeur).onEdit().create();
  ScriptApp.newTrigger("prevenir").forSpreadsheet(classeur).onChange().create();
  const code = envoyer();
  if (code !== 204) {
    throw new Error("L'intranet a répondu " + code + " : copiez de nouveau le script depuis Passerelle.");
  }
}

/** Retire les déclencheurs : l'intranet lit alors ce classeur à son rythme. */
function desinstaller() {
  ScriptApp.getProjectTriggers()
    .filter((declencheur) => declencheur.getHandlerFunction() === "prevenir")
    .forEach((declencheur) => ScriptApp.deleteTrigger(declencheur));
}

/** Appelée par Google à chaque modification. */
function prevenir() {
  const cache = CacheService.getScriptCache();
  const verrou = LockService.getScriptLock();
  if (cache.get("prevenu") || !verrou.tryLock(0)) return;
  try {
    if (cache.get("prevenu")) return;
    cache.put("prevenu", "oui", PASSERELLE.repos);
  } finally {
    verrou.releaseLock();
  }
  try {
    envoyer();
  } catch (erreur) {
    // L'intranet ne répond pas : il lira ce classeur à son rythme.
    console.warn(erreur);
  }
}

/** Envoie un signal ; rend le code de la réponse. */
function envoyer() {
  return UrlFetchApp.fetch(PASSERELLE.adresse, {
    method: "post",
    contentType: "application/json",
    payload: JSON.stringify({ book: PASSERELLE.classeur, secret: PASSERELLE.secret }),
    muteHttpExceptions: true,
  }).getResponseCode();
}
