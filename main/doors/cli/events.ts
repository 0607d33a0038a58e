/** A task's events as they come: objects with `--json`, one live line on a terminal, plain lines elsewhere. */
import type { PlannedOperation, Progress, TaskEvent } from '../../../preload/contract/models.ts';
import type { RunOptions } from '../../core/core.ts';
import { paint, size, took } from './text.ts';

export interface EventPrinter {
  readonly print: (event: TaskEvent) => void;
  end(): void;
}

/** Runs an act with its events printed; the result is the last object with `--json`. */
export async function runPrinted(json: boolean, signal: AbortSignal, act: (run: RunOptions) => Promise<void>): Promise<number> {
  const printer = json ? jsonPrinter() : textPrinter(process.stderr);
  const begun = performance.now();
  try {
    await act({ signal, onEvent: printer.print });
  } finally {
    printer.end();
  }
  return performance.now() - begun;
}

function jsonPrinter(): EventPrinter {
  return { print: (event) => process.stdout.write(`${JSON.stringify(event)}\n`), end: () => {} };
}

const verbs: Readonly<Record<PlannedOperation['kind'], string>> = {
  connect: 'Connecting to',
  pull: 'Getting',
  'create-network': 'Creating network',
  'create-volume': 'Creating volume',
  create: 'Creating',
  guard: 'Checking the data of',
  start: 'Starting',
  wait: 'Waiting for',
  seed: 'Filling',
  stop: 'Stopping',
  remove: 'Removing',
  'remove-volume': 'Deleting volume',
  'remove-network': 'Removing network',
  count: 'Counting what is in',
  measure: 'Measuring',
  pause: 'Pausing',
  copy: 'Copying',
  unpause: 'Letting go on',
  verify: 'Checking the files of',
  keep: 'Keeping the old data of',
  swap: 'Putting in place',
  check: 'Checking the servers of',
  discard: 'Tidying up',
  backup: 'Backing up',
  collect: 'Collecting WAL of',
  combine: 'Combining backups of',
  recover: 'Recovering',
  compare: 'Reading',
  dump: 'Backing up',
  restore: 'Making ready',
};

/** Operations that end within a blink (ms) are not worth a line of their own. */
const quietBelow = 300;
/** Where no line can be drawn anew, one is printed this often (ms) of what takes long. */
const plainInterval = 10_000;

interface Running {
  readonly since: number;
  told: number;
  progress?: Progress;
}

function textPrinter(stream: NodeJS.WriteStream): EventPrinter {
  const operations = new Map<string, PlannedOperation>();
  const running = new Map<string, Running>();
  const live = stream.isTTY;
  let drawn = 0;

  const erase = (): void => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = (): void => {
    if (!live) return;
    erase();
    const width = Math.max(20, (stream.columns ?? 80) - 1);
    const lines = [...running].slice(0, (stream.rows ?? 24) - 2).map(([id, { since, progress }]) => {
      const elapsed = took(performance.now() - since);
      return [`◐ ${nameOf(operations.get(id), id)}`, progress ? shown(progress, performance.now() - since) : '', elapsed]
        .filter(Boolean)
        .join('  ')
        .slice(0, width);
    });
    stream.write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const line = (text: string): void => {
    erase();
    stream.write(`${text}\n`);
    draw();
  };
  const timer = live ? setInterval(draw, 100) : undefined;

  return {
    print(event) {
      switch (event.type) {
        case 'plan':
          for (const operation of event.operations) operations.set(operation.id, operation);
          return;
        case 'notice':
          return line(`${paint('yellow', '!', stream)} ${event.message}`);
        case 'progress': {
          const entry = running.get(event.id);
          if (!entry) return;
          entry.progress = event.progress;
          if (live || performance.now() - entry.told < plainInterval) return;
          entry.told = performance.now();
          return line(`… ${nameOf(operations.get(event.id), event.id)}  ${shown(event.progress, performance.now() - entry.since)}`);
        }
        case 'operation': {
          const operation = operations.get(event.id);
          if (event.state === 'running') return void running.set(event.id, { since: performance.now(), told: performance.now() });
          running.delete(event.id);
          if (event.state === 'skipped') return;
          if (event.state === 'failed')
            return line(`${paint('red', '✖', stream)} ${nameOf(operation, event.id)}  ${took(event.took ?? 0)}`);
          if ((event.took ?? 0) < quietBelow && operation?.kind !== 'wait') return;
          return line(`${paint('green', '✔', stream)} ${nameOf(operation, event.id)}  ${paint('dim', took(event.took ?? 0), stream)}`);
        }
        default:
          return;
      }
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}

function nameOf(operation: PlannedOperation | undefined, id: string): string {
  if (!operation) return id;
  const target = operation.kind === 'pull' || operation.service === null ? operation.target : operation.service;
  return `${verbs[operation.kind]} ${target}`;
}

/** @param elapsed ms */
function shown(progress: Progress, elapsed: number): string {
  switch (progress.kind) {
    case 'layers': {
      const done = progress.layers.filter((layer) => layer.total > 0 && layer.current >= layer.total).length;
      const bytes = progress.total > 0 ? `${size(progress.current)} of ${size(progress.total)}` : size(progress.current);
      return `${bytes}, ${done} of ${progress.layers.length} layers`;
    }
    case 'steps':
      return progress.total > 0 ? `${progress.current + 1} of ${progress.total}: ${progress.label}` : progress.label;
    case 'rows':
      return `${progress.current.toLocaleString('en')}${progress.total > 0 ? ` of ${progress.total.toLocaleString('en')}` : ''} ${progress.label}`;
    case 'bytes': {
      const rate = progress.current / Math.max(elapsed, 1);
      const left = rate > 0 ? `, ${took((progress.total - progress.current) / rate)} left` : '';
      return `${size(progress.current)} of ${size(progress.total)}, ${size(rate * 1_000)}/s${left}`;
    }
  }
}
