import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import { bytes as size } from './format.ts';
import { hexLines } from './hex.ts';
import { IdText } from './id-text.tsx';
import { JsonTree } from './json-tree.tsx';
import css from './value-view.module.css';

interface ValueViewProps {
  /** As text; of binary data what can be read of it. */
  text: string;
  /** The same bytes, where the text cannot hold them. */
  base64?: string;
  kind?: 'text' | 'json' | 'binary';
  /** Size of the whole value, in bytes. */
  bytes?: number;
  /** This is only the beginning. */
  cut?: boolean;
  /** Asks for the whole of a value that is cut. */
  onWhole?: () => void;
}

type Look = 'text' | 'json' | 'hex';

/** One value, whole: as text, as a tree, or byte by byte. */
export function ValueView({ text, base64, kind, bytes, cut = false, onWhole }: ValueViewProps) {
  const json = useMemo(() => parsed(text, kind), [text, kind]);
  const looks: Look[] = [...(json === undefined ? [] : (['json'] as const)), 'text', 'hex'];
  const [chosen, setChosen] = useState<Look | null>(null);
  const first: Look = kind === 'binary' ? 'hex' : looks[0]!;
  const look = chosen !== null && looks.includes(chosen) ? chosen : first;
  return (
    <div className={css.value}>
      <div className={css.head}>
        <SegmentedControl size="xs" data={looks} value={look} onChange={(next) => setChosen(next as Look)} aria-label="How it is shown" />
        <span className="dim num">{bytes === undefined ? '' : size(bytes)}</span>
        <span className={css.spring} />
        <CopyButton
          text={base64 !== undefined && kind === 'binary' ? base64 : text}
          label={kind === 'binary' ? 'Copy as base64' : 'Copy'}
        />
      </div>
      {cut ? (
        <div className={css.cut}>
          <span>Only the beginning is shown.</span>
          {onWhole ? (
            <Button variant="default" onClick={onWhole}>
              Load all{bytes === undefined ? '' : ` ${size(bytes)}`}
            </Button>
          ) : null}
        </div>
      ) : null}
      <div className={css.body}>
        {look === 'json' ? <JsonTree value={json} /> : null}
        {look === 'text' ? <Text text={text} /> : null}
        {look === 'hex' ? <pre className={css.text}>{hexLines(bytesOf(text, base64))}</pre> : null}
      </div>
    </div>
  );
}

/** Ids become links only where that is cheap. */
function Text({ text }: { text: string }) {
  if (text === '') return <pre className={`${css.text} dim`}>empty</pre>;
  return <pre className={css.text}>{text.length > 100_000 ? text : <IdText text={text} />}</pre>;
}

/** Objects and arrays only: a bare number or word is as well read as text. */
function parsed(text: string, kind: ValueViewProps['kind']): unknown {
  if (kind === 'binary' || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bytesOf(text: string, base64: string | undefined): Uint8Array {
  if (base64 === undefined) return new TextEncoder().encode(text);
  const binary = atob(base64);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
