/**
 * Makes `vocabulary.json`, the words that the generator combines, from faker with a fixed seed:
 * `node seeds/generator/make-vocabulary.ts`. The result is kept in the repository, so that data do not
 * change with faker's version and nothing heavy is loaded while seeding.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { base, en, Faker } from '@faker-js/faker';

const faker = new Faker({ locale: [en, base], seed: 20_240_417 });
const words = (count: number, make: () => string) => [...new Set(Array.from({ length: count * 4 }, make))].slice(0, count);

const vocabulary = {
  firstNames: words(240, () => faker.person.firstName()),
  lastNames: words(300, () => faker.person.lastName()),
  domains: words(24, () => `${faker.internet.domainWord()}.example`),
  jobTitles: words(60, () => faker.person.jobTitle()),
  cities: words(120, () => faker.location.city()),
  timeZones: words(40, () => faker.location.timeZone()),
  adjectives: words(120, () => faker.word.adjective({ length: { min: 4, max: 9 } })),
  nouns: words(160, () => faker.word.noun({ length: { min: 4, max: 10 } })),
  verbs: words(80, () => faker.hacker.verb()),
  catchPhrases: words(160, () => faker.company.catchPhrase()),
  sentences: words(200, () => faker.hacker.phrase()),
  browsers: words(24, () => faker.internet.userAgent()),
};

writeFileSync(fileURLToPath(new URL('./vocabulary.json', import.meta.url)), `${JSON.stringify(vocabulary, undefined, 2)}\n`);
