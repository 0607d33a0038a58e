import { Button, SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Editor } from '../../../ui/editor/editor.tsx';
import { count } from '../../../ui/format.ts';
import { Spring } from '../../../ui/toolbar.tsx';
import { shellText } from '../bson/shell.ts';
import css from '../documents.module.css';
import type { ResultView } from '../query/use-result.ts';
import { shellLanguage } from '../ui/language.ts';

const pageSize = 20;

/** A page of documents as one text, in shell syntax or Extended JSON. */
export function DocumentJson({ result }: { result: ResultView }) {
  const [page, setPage] = useState(0);
  const [form, setForm] = useState<'shell' | 'ejson'>('shell');
  const from = page * pageSize;
  const to = Math.min(from + pageSize, result.known);
  const { want } = result;
  useEffect(() => want(from, from + pageSize + 1), [want, from]);
  const texts: string[] = [];
  for (let at = from; at < to; at++) {
    const row = result.rowAt(at);
    const document = result.documentAt(at);
    if (row === undefined) continue;
    if (document === undefined)
      texts.push(`/* ${row.bytes.toLocaleString('en')} bytes, withheld: choose it in the list to read it whole */`);
    else texts.push(form === 'shell' ? shellText(document) : JSON.stringify(JSON.parse(row.ejson ?? 'null'), null, 2));
  }
  const text = texts.join(',\n');
  return (
    <div className={css.json}>
      <div className={css.jsonHead}>
        <SegmentedControl
          size="xs"
          aria-label="Syntax"
          data={[
            { value: 'shell', label: 'Shell' },
            { value: 'ejson', label: 'Extended JSON' },
          ]}
          value={form}
          onChange={(next) => setForm(next as 'shell' | 'ejson')}
        />
        <CopyButton text={text} label="Copy this page" />
        <Spring />
        <span className="dim num">
          {count(from + 1)}–{count(to)}
        </span>
        <Button variant="default" aria-label="Previous page" disabled={page === 0} onClick={() => setPage(page - 1)}>
          <IconChevronLeft size={14} />
        </Button>
        <Button
          variant="default"
          aria-label="Next page"
          disabled={result.done && from + pageSize >= result.known}
          onClick={() => setPage(page + 1)}
        >
          <IconChevronRight size={14} />
        </Button>
      </div>
      <Editor label="Documents as text" value={text} language={shellLanguage} readOnly fill lineNumbers={false} testId="documents-json" />
    </div>
  );
}
