import type { CommandDoc } from '../../../../preload/contract/index.ts';

/** Commands that begin as what was typed; those whose summary speaks of it after them. At most `most`. */
export function completions(docs: readonly CommandDoc[], line: string, most = 40): CommandDoc[] {
  const typed = line.trimStart().toUpperCase();
  // Only names are completed: once an argument is being written, help is shown instead.
  if (typed === '' || typed.includes('"')) return [];
  const begin = docs.filter(({ name }) => name.startsWith(typed));
  if (begin.length > 0 || typed.includes(' ')) return begin.slice(0, most);
  return docs.filter(({ name, summary }) => name.includes(typed) || summary.toUpperCase().includes(typed)).slice(0, most);
}

/** The command of a line that is being written; one with a subcommand goes before the plain one. */
export function helpFor(docs: readonly CommandDoc[], line: string): CommandDoc | undefined {
  const [first = '', second = ''] = line.trimStart().toUpperCase().split(/\s+/);
  return docs.find(({ name }) => name === `${first} ${second}`) ?? docs.find(({ name }) => name === first);
}
