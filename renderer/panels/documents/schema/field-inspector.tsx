import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { SchemaField, SchemaType } from '../../../../preload/contract/index.ts';
import { Facts } from '../../../ui/facts.tsx';
import { count } from '../../../ui/format.ts';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { keyText, quoted } from '../bson/shell.ts';
import css from '../documents.module.css';
import { usePlace } from '../place.tsx';
import { hueOfType, percent } from './types.ts';

/** One field: its types, and for each what its values are. */
export function FieldInspector({ field, onClose }: { field: SchemaField; onClose: () => void }) {
  const { go } = usePlace();
  const path = field.path.replaceAll('[]', '');
  const find = (condition: string) => go({ tab: 'documents', filter: `{ ${keyText(path)}: ${condition} }`, at: undefined });
  return (
    <div className={css.inspector}>
      <PaneHead title={field.path}>
        <ActionIcon size={24} aria-label="Close" onClick={onClose}>
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      <div className={css.inspectorBody}>
        <Facts
          rows={[
            ['There in', `${count(field.count)} of ${count(field.of)} (${percent(field.count, field.of)})`],
            ['Types', String(field.types.length)],
          ]}
        />
        {field.count < field.of && !field.path.endsWith('[]') ? (
          <Button variant="default" onClick={() => find('{ $exists: false }')}>
            Find documents without it
          </Button>
        ) : null}
        {field.types.map((type) => (
          <TypePart key={type.type} type={type} of={field.count} onFind={() => find(`{ $type: ${quoted(type.type)} }`)} />
        ))}
      </div>
    </div>
  );
}

function TypePart({ type, of, onFind }: { type: SchemaType; of: number; onFind: () => void }) {
  const most = Math.max(1, ...type.values.map((value) => value.count));
  return (
    <section className={css.typePart}>
      <header>
        <span className={css.dot} style={{ background: hueOfType(type.type) }} aria-hidden />
        <b>{type.type}</b>
        <span className="dim num">{percent(type.count, of)}</span>
        <span className={css.spring} />
        <button type="button" className={css.quiet} onClick={onFind}>
          Find these
        </button>
      </header>
      <Facts
        rows={[
          [type.type === 'array' ? 'Shortest' : 'Least', type.least],
          [type.type === 'array' ? 'Longest' : 'Most', type.most],
          ['Different', type.distinct === null ? 'more than 100' : count(type.distinct)],
        ]}
      />
      {type.histogram === null ? null : <Histogram {...type.histogram} hue={hueOfType(type.type)} />}
      {type.histogram === null || (type.distinct !== null && type.distinct <= 12) ? (
        <ul className={css.values}>
          {type.values.map(({ text, count: n }) => (
            <li key={text}>
              <span className="cut" title={text}>
                {text === '' ? <i className="dim">empty</i> : text}
              </span>
              <span className={css.valueBar} aria-hidden>
                <span style={{ width: `${(n / most) * 100}%`, background: hueOfType(type.type) }} />
              </span>
              <span className="num dim">{count(n)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Histogram({ counts, hue }: { from: number; to: number; counts: readonly number[]; hue: string }) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      className={css.histogram}
      viewBox={`0 0 ${counts.length * 10} 40`}
      preserveAspectRatio="none"
      role="img"
      aria-label="How the values are spread"
    >
      {counts.map((n, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps stand still
        <rect key={at} x={at * 10 + 1} width={8} y={40 - (n / most) * 38} height={(n / most) * 38} fill={hue} />
      ))}
    </svg>
  );
}
