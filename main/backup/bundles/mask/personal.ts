/** What looks like something personal or secret, by a field's name or by what stands in it. */

export interface Looks {
  /** "an e-mail address" */
  readonly like: string;
  /** The mask that fits. */
  readonly mask: 'email' | 'name' | 'phone' | 'password' | 'text';
}

const byName: readonly (readonly [RegExp, Looks])[] = [
  [/e_?mail/, { like: 'an e-mail address', mask: 'email' }],
  [/phone|mobile|(^|_)(tel|fax|msisdn)(_|$)/, { like: 'a phone number', mask: 'phone' }],
  [/passw|pwd|secret|token|api_?key|private_?key|credential|_hash$/, { like: 'a secret', mask: 'password' }],
  [/(first|last|given|family|middle|maiden|full|display|nick|sur|user|login|person|customer|contact)_?name|^surname$|^username$/, { like: 'a name', mask: 'name' }],
  [/(^|_)(ssn|iban|bic|passport|tax_?id|vat_?id|national_?id|social_security)(_|$)|credit_?card|card_?(number|no)/, { like: 'a number of a person or an account', mask: 'text' }],
  [/birth|(^|_)dob(_|$)|gender|religion|ethnic/, { like: 'a fact about a person', mask: 'text' }],
  [/address|street|(^|_)(city|zip|postcode|postal(_?code)?|lat|lon|lng|latitude|longitude)(_|$)|(^|_)ip(_|$)/, { like: 'an address', mask: 'text' }],
  [/(^|_)(bio|biography|comment|comments|note|notes|about_me|signature)(_|$)/, { like: 'free text', mask: 'text' }],
]; // biome-ignore format: a rule a line

const email: Looks = { like: 'an e-mail address', mask: 'email' };
const byContent: readonly (readonly [RegExp, Looks])[] = [
  [/(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(\.[a-z\d-]{1,63})*\.[a-z]{2,24}(?![\w-])/i, email],
  [/^\$(2[abxy]?|argon2(id?|d)|scrypt|pbkdf2[\w-]*|[156])\$|^\{(SSHA|SHA|MD5|CRYPT)\}/, { like: 'a password hash', mask: 'password' }],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(ghp|gho|glpat|xox[abp]|sk_live|AKIA)[-_]?\w{12,}/, { like: 'a secret', mask: 'password' }],
  [/^\+\d[\d ()./-]{7,18}\d$|^\(?0\d{2,5}\)?[ /-]\d[\d -]{4,12}$/, { like: 'a phone number', mask: 'phone' }],
  [/^(?!(127\.0\.0\.1|0\.0\.0\.0)$)((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)$/, { like: 'an IP address', mask: 'text' }],
  [/^[A-Z]{2}\d{2}( ?[A-Z\d]{4}){2,7}( ?[A-Z\d]{1,3})?$/, { like: 'an account number', mask: 'text' }],
]; // biome-ignore format: a rule a line

/** The last part of a path counts. `camelCase` is read as `camel_case`. */
export function looksByName(field: string): Looks | undefined {
  const last = field.slice(field.lastIndexOf('.') + 1);
  const name = last.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
  return byName.find(([pattern]) => pattern.test(name))?.[1];
}

/** Only the beginning of a long value is looked at. */
const looked = 4_096;

export function looksByContent(value: string): Looks | undefined {
  const text = value.length > looked ? value.slice(0, looked) : value;
  const found = byContent.find(([pattern]) => pattern.test(text))?.[1];
  return found ?? (isCardNumber(text) ? { like: 'a card number', mask: 'text' } : undefined);
}

/** 13 to 19 digits with a check digit by Luhn (ISO/IEC 7812), in groups of four or in one. */
function isCardNumber(text: string): boolean {
  if (!/^[3-6]\d{3}([ -]?\d{4}){2}[ -]?\d{1,7}$/.test(text)) return false;
  const digits = [...text.replaceAll(/\D/g, '')].reverse().map(Number);
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = digits.reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return sum % 10 === 0;
}
