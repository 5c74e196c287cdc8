// @ts-check
/**
 * Sentences by their key, in the language of the hub. Every page loads its module of sentences
 * (`/texts_bedside.js` or `/texts_clinic.js`) before its own script; both are made from
 * `monitor/texts/`, and a test holds every key against what the pages ask for.
 *
 * Keys stand in the code as they are, never put together, so that they can be found. A sentence
 * that is missing all the same is shown as its key: a strange word is better than an empty button.
 *
 *   t("companion.look", { name: "Alex" })    -> "Look at Alex for ten seconds."
 *   group("shared.phase").peak               -> "Peak"
 *   count("clinician.residual", 2)           -> "2 messages went out ..." (by .one and .other)
 */

/** @type {Map<string, string | string[]>} */
const sentences = new Map();
/** @type {Map<string, Record<string, string>>} */
const groups = new Map();
const about = { language: "en", pressure: "mmHg" };
/** @type {Intl.PluralRules | null} */
let plural = null;

/**
 * Called by the module of sentences, once.
 * @param {{language: string, pressure: string}} told
 * @param {Record<string, string | string[]>} words
 */
export function load(told, words) {
  Object.assign(about, told);
  for (const [key, sentence] of Object.entries(words)) sentences.set(key, sentence);
}

/** In which unit blood pressures are shown: "mmHg" or "kPa". */
export function pressureUnit() {
  return about.pressure;
}

/**
 * One sentence, with its values filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return filled(key, String(sentences.get(key) ?? missing(key)), values);
}

/**
 * The sentences of a list, in their order.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function steps(key, values = {}) {
  return [sentences.get(key) ?? missing(key)].flat().map((one) => filled(key, one, values));
}

/**
 * Every sentence below a key, by the rest of its key; for words that are looked up by a code.
 * @param {string} prefix
 * @returns {Record<string, string>}
 */
export function group(prefix) {
  const kept = groups.get(prefix);
  if (kept !== undefined) return kept;
  const start = `${prefix}.`;
  const found = [...sentences].filter(([key]) => key.startsWith(start));
  if (found.length === 0) missing(prefix);
  const made = /** @type {Record<string, string>} */ ({});
  for (const [key, one] of found) made[key.slice(start.length)] = String(one);
  groups.set(prefix, made);
  return made;
}

/**
 * A sentence that depends on a number, `{n}` in it: `key.one` or `key.other`.
 * @param {string} key
 * @param {number} n
 * @param {Record<string, string | number>} [values]
 */
export function count(key, n, values = {}) {
  plural ??= new Intl.PluralRules(about.language);
  return t(`${key}.${plural.select(n) === "one" ? "one" : "other"}`, { n, ...values });
}

/**
 * @param {string} key
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
function filled(key, sentence, values) {
  return sentence.replaceAll(/\{([a-z][a-z0-9_]*)\}/g, (hole, name) => {
    if (name in values) return String(values[name]);
    console.error(`the text ${key} needs a value for ${hole}`);
    return hole;
  });
}

/** @param {string} key */
function missing(key) {
  console.error(`there is no text ${key}`);
  return key;
}
