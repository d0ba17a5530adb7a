// What the fill handle writes after a few cells: numbers and dates go on by their step, names and numbered texts too.

const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");
const DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split(" ");
const DAY_MS = 86400000;
const NUMBERED = /^(.*?)(\d{1,9})$/s;

/** Read a number as it is typed, with a comma or a point; NaN when it is none. */
export function numberOf(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^[+-]?\d*\.?\d+$/.test(plain) ? Number(plain) : Number.NaN;
}

function constantStep(numbers) {
  const step = numbers.length > 1 ? numbers[1] - numbers[0] : 0;
  const even = numbers.every((number, at) => at === 0 || Math.abs(number - numbers[at - 1] - step) < 1e-9);
  return even ? step : null;
}

function written(number, comma) {
  const text = String(Number(number.toFixed(10)));
  return comma ? text.replace(".", ",") : text;
}

function numbersSeries(texts, count, comma) {
  const numbers = texts.map(numberOf);
  const step = texts.length > 1 ? constantStep(numbers) : null;
  if (step === null || numbers.some(Number.isNaN)) return null;
  return Array.from({ length: count }, (_, at) => written(numbers.at(-1) + step * (at + 1), comma));
}

function dayOf(text, dayFirst) {
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!found) return null;
  const [day, month] = dayFirst ? [found[1], found[2]] : [found[2], found[1]];
  return { year: Number(found[3]), month: Number(month), day: Number(day) };
}

function dateText({ year, month, day }, dayFirst) {
  const moment = new Date(Date.UTC(year, month - 1, day));
  const pad = (number) => String(number).padStart(2, "0");
  const parts = [pad(moment.getUTCDate()), pad(moment.getUTCMonth() + 1)];
  if (!dayFirst) parts.reverse();
  return [...parts, moment.getUTCFullYear()].join("/");
}

function datesSeries(texts, count, dayFirst) {
  const dates = texts.map((text) => dayOf(text, dayFirst));
  if (dates.includes(null)) return null;
  const last = dates.at(-1);
  const months = constantStep(dates.map(({ year, month }) => year * 12 + month));
  if (dates.length > 1 && months && dates.every(({ day }) => day === last.day)) {
    const next = (at) => ({ ...last, month: last.month + months * at });
    return Array.from({ length: count }, (_, at) => dateText(next(at + 1), dayFirst));
  }
  const days = constantStep(dates.map(({ year, month, day }) => Date.UTC(year, month - 1, day) / DAY_MS));
  if (days === null) return null;
  const step = dates.length > 1 ? days : 1;
  return Array.from({ length: count }, (_, at) => dateText({ ...last, day: last.day + step * (at + 1) }, dayFirst));
}

function namesSeries(texts, count, names) {
  const places = texts.map((text) => names.indexOf(text.toLowerCase()));
  if (places.includes(-1)) return null;
  const step = texts.length > 1 ? places[1] - places[0] : 1;
  const capital = texts[0][0] !== texts[0][0].toLowerCase();
  return Array.from({ length: count }, (_, at) => {
    const place = places.at(-1) + step * (at + 1);
    const name = names[((place % names.length) + names.length) % names.length];
    return capital ? name[0].toUpperCase() + name.slice(1) : name;
  });
}

function numberedSeries(texts, count) {
  const parts = texts.map((text) => NUMBERED.exec(text));
  if (parts.includes(null) || parts.some((part) => part[1] !== parts[0][1] || part[1].trim() === "")) return null;
  const step = texts.length > 1 ? constantStep(parts.map((part) => Number(part[2]))) : 1;
  if (step === null) return null;
  const last = parts.at(-1);
  return Array.from({ length: count }, (_, at) => {
    const number = Number(last[2]) + step * (at + 1);
    return number < 0 ? last[0] : last[1] + String(number).padStart(last[2].length, "0");
  });
}

/** Give `count` texts that go on from those given, null when they only repeat; `comma`: written as in French. */
export function continued(texts, count, comma) {
  if (texts.some((text) => text === "" || text.startsWith("="))) return null;
  return (
    numbersSeries(texts, count, comma) ??
    datesSeries(texts, count, comma) ??
    namesSeries(texts, count, MONTHS) ??
    namesSeries(texts, count, DAYS) ??
    numberedSeries(texts, count)
  );
}
