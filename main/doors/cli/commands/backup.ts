import type { Backup, BackupCheck, BackupEntry, BackupStore } from '../../../../preload/contract/backups.ts';
import type { Encryption } from '../../../backup/archive/encryption.ts';
import { NoodleError } from '../../../errors.ts';
import { confirm } from '../confirm.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { keysFor, passphrase } from '../passphrase.ts';
import { withKnownStack } from '../session.ts';
import { paint, size, table, took } from '../text.ts';

export interface CreateOptions {
  readonly service: readonly string[];
  readonly name?: string;
  readonly note?: string;
  readonly to?: string;
  readonly encrypt: boolean;
  readonly recipient: readonly string[];
}

export async function create(options: CreateOptions, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const encryption = await encryptionOf(options, globals, signal);
    let made: Backup | undefined;
    const request = { name: options.name ?? null, note: options.note ?? null, services: options.service, encryption, to: options.to };
    const ms = await runPrinted(globals.json, signal, async (run) => {
      made = await stack.backups.create(request, run);
    });
    const { id, bytes, file, stores } = made!;
    if (!globals.json) process.stdout.write(`${table((stores ?? []).map(storeRow))}\n`);
    end(globals, ms, `backup ${id}: ${size(bytes)}, ${file}`, { backup: made });
  });
}

async function encryptionOf({ encrypt, recipient }: CreateOptions, globals: GlobalOptions, signal: AbortSignal): Promise<Encryption> {
  if (encrypt && recipient.length > 0) {
    throw new NoodleError({ code: 'bad-argument', what: 'A backup is encrypted with a passphrase or to keys, not both.' });
  }
  if (recipient.length > 0) return { kind: 'recipients', recipients: recipient };
  return encrypt ? { kind: 'passphrase', passphrase: await passphrase(true, globals.json, signal) } : { kind: 'none' };
}

export async function list(globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const entries = await stack.backups.list();
    if (globals.json) {
      for (const entry of entries) process.stdout.write(`${JSON.stringify(entry)}\n`);
      process.stdout.write(`${JSON.stringify({ type: 'result', ok: true })}\n`);
      return;
    }
    if (entries.length === 0) {
      process.stdout.write(`${stack.name} has no backups yet. "noodlebox backup create" makes one.\n`);
      return;
    }
    process.stdout.write(`${table([['BACKUP', 'NAME', 'MADE', 'SIZE', 'OF', 'ENCRYPTED', 'CHECKED'], ...entries.map(row)])}\n`);
  });
}

export async function show(id: string, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack) => {
    const backup = await stack.backups.show(id);
    process.stdout.write(
      globals.json ? `${JSON.stringify(backup)}\n${JSON.stringify({ type: 'result', ok: true })}\n` : `${described(backup)}\n`,
    );
  });
}

export async function restore(
  id: string,
  options: { service: readonly string[]; snapshot: boolean; identity: readonly string[] },
  globals: GlobalOptions,
): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const backup = await stack.backups.show(id);
    if (!globals.yes) {
      const { loses } = await stack.backups.outlook(id, 'restore', options.service, signal);
      const replaced = loses.map((line) => (options.snapshot ? `${line} (kept as a snapshot)` : line));
      await confirm(`Replace it by the backup of ${new Date(backup.createdAt).toISOString()}?`, replaced, globals, signal);
    }
    const keys = await keysFor(backup.encryption, options.identity, globals.json, signal);
    const request = { services: options.service, snapshot: options.snapshot, keys };
    const ms = await runPrinted(globals.json, signal, (run) => stack.backups.restore(id, request, run));
    const services = options.service.length > 0 ? options.service : backup.services.map(({ service }) => service);
    end(globals, ms, `${services.join(', ')} of ${stack.name} as of ${new Date(backup.createdAt).toISOString()}`);
  });
}

export async function verify(
  id: string,
  options: { restore: boolean; sealed: boolean; identity: readonly string[] },
  globals: GlobalOptions,
): Promise<void> {
  if (options.sealed && options.restore)
    throw new NoodleError({ code: 'bad-argument', what: 'What is not opened cannot be restored: give --sealed or --restore.' });
  await withKnownStack(globals, async (stack, signal) => {
    const backup = await stack.backups.show(id);
    const keys = options.sealed ? {} : await keysFor(backup.encryption, options.identity, globals.json, signal);
    let check: BackupCheck | undefined;
    const ms = await runPrinted(globals.json, signal, async (run) => {
      check = await stack.backups.verify(id, { how: options.sealed ? 'sealed' : options.restore ? 'restored' : 'read', keys }, run);
    });
    end(
      globals,
      ms,
      `backup ${backup.id} is ${options.sealed ? 'as it was written; it was not opened' : `whole${options.restore ? ', and restored it is what was backed up' : ''}`}`,
      { check },
    );
  });
}

export async function remove(id: string, globals: GlobalOptions): Promise<void> {
  await withKnownStack(globals, async (stack, signal) => {
    const { loses } = await stack.backups.outlook(id, 'delete', [], signal);
    await confirm('Delete this backup?', loses, globals, signal);
    const ms = await runPrinted(globals.json, signal, (run) => stack.backups.delete(id, run));
    end(globals, ms, `backup ${id} is deleted`);
  });
}

function end(globals: GlobalOptions, ms: number, words: string, more: object = {}): void {
  const text = globals.json
    ? JSON.stringify({ type: 'result', ok: true, took: Math.round(ms), ...more })
    : `${paint('green', '✔')} ${words}  ${paint('dim', took(ms))}`;
  process.stdout.write(`${text}\n`);
}

function row(entry: BackupEntry): readonly string[] {
  if (entry.state === 'unreadable') return [entry.id, '', '', '', '', '', paint('red', `✖ ${entry.why}`)];
  const { id, name, createdAt, bytes, services, encryption, checks } = entry.backup;
  const of = services.map(({ service }) => service).join(' ');
  return [id, name ?? '', new Date(createdAt).toISOString(), size(bytes), of, encryption === 'none' ? '' : encryption, checked(checks[0])];
}

const ways: Readonly<Record<BackupCheck['how'], string>> = {
  read: 'read',
  restored: 'restored',
  sealed: 'not checked by a trial restore (its key is not here); as it was written',
};

function checked(check: BackupCheck | undefined): string {
  if (!check) return '–';
  return check.ok ? `${ways[check.how]} ${new Date(check.at).toISOString()}` : paint('red', `✖ ${check.differences[0] ?? 'failed'}`);
}

function described(backup: Backup): string {
  const facts = [
    ['id', backup.id],
    ['file', backup.file],
    ['name', backup.name ?? '–'],
    ['note', backup.note ?? '–'],
    ['of', `${backup.stack}, on ${backup.runtime}`],
    ['made', new Date(backup.createdAt).toISOString()],
    ['size', `${size(backup.bytes)}, ${size(backup.unpacked)} unpacked`],
    ['encrypted', backup.encryption],
  ];
  const services = backup.services.map(({ service, version }) => [service, version]);
  const untold = backup.encryption === 'none' ? 'is told once it was read: noodlebox backup verify' : 'is encrypted with it';
  const stores = backup.stores?.map(storeRow) ?? [[`what it holds ${untold}`]];
  const notes = (backup.stores ?? []).flatMap(({ service, notes: told }) => told.map((note) => `${service}: ${note}`));
  const checks = backup.checks.map((check) => checked(check));
  return [
    table(facts),
    '',
    table(services),
    '',
    table(stores),
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...(checks.length > 0 ? ['', ...checks] : []),
  ].join('\n');
}

/** Counts named of one store. */
const shownCounts = 8;

function storeRow({ service, counts }: BackupStore): readonly string[] {
  const held = counts.filter(({ count }) => count > 0);
  const shown = held.slice(0, shownCounts).map(({ name, count }) => `${count.toLocaleString('en')} ${name}`);
  return [service, `${shown.join(', ') || 'nothing'}${held.length > shownCounts ? `, and ${held.length - shownCounts} more` : ''}`];
}
