/** Repro bundles: the moment a bug happened, as one file. */
import { type Command, Option } from 'commander';
import type { GlobalOptions } from './main.ts';

export function addBundleCommands(
  command: (words: string, description: string) => Command,
  globals: (self: Command) => GlobalOptions,
): void {
  const bundle = command('bundle', 'the moment a bug happened, as one file to share');
  taking(bundle.command('export [id...]').description('what some ids reach in all stores, masked'))
    .option('--all', 'everything instead')
    .action(async (ids: string[], options, self) => (await import('./commands/bundle.ts')).exportBundle(ids, options, globals(self)));
  bundle
    .command('inspect <file>')
    .description('what one holds, without unpacking it')
    .addOption(identity())
    .action(async (file: string, options, self) => (await import('./commands/bundle.ts')).inspect(file, options, globals(self)));
  bundle
    .command('import <file>')
    .description('make a new stack of one (--stack names it)')
    .addOption(identity())
    .option('--no-install', 'do not install missing servers (native runtime)')
    .action(async (file: string, options, self) => (await import('./commands/bundle.ts')).importBundle(file, options, globals(self)));
  taking(command('pull [id...]', 'a bundle straight from other servers, which are only read'))
    .option('--all', 'everything instead')
    .option('--from <file>', 'their connection strings, as "noodlebox env" prints them (default: NOODLEBOX_PULL_… in the environment)')
    .option('--import', 'make a new stack of it at once (--stack names it)')
    .action(async (ids: string[], options, self) => (await import('./commands/bundle.ts')).pull(ids, options, globals(self)));
}

function taking(command: Command): Command {
  return command
    .option('--out <file>', 'the file to write (default: <stack>.noodle)')
    .option('--rules <file>', 'what is masked, and how far references are followed (YAML)')
    .option('--no-mask', 'leave everything as it is, names of people too')
    .option('--note <text>', 'what it is about')
    .option('--dry-run', 'tell what it would hold, and write nothing')
    .option('--encrypt', 'with a passphrase, asked for or from NOODLEBOX_PASSPHRASE')
    .addOption(
      new Option('--recipient <age1…>', 'encrypted to this public key of age (may be given several times)')
        .argParser(collected)
        .default([]),
    );
}

function identity(): Option {
  return new Option('--identity <file>', 'your key of age, for one that is encrypted to you (may be given several times)')
    .argParser(collected)
    .default([]);
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
