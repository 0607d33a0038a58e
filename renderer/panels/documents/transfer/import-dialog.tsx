import { Button, FileInput, SegmentedControl } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { DocumentImportLook } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { upload } from '../../../api/files.ts';
import { bytes } from '../../../ui/format.ts';
import { parseEjson } from '../bson/bson.ts';
import { shellLine } from '../bson/shell.ts';
import { whenDone } from '../bulk/when-done.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';

/** Asks for a file of documents, shows what is in it, and takes it in. */
export function askImport(place: CollectionPlace, done: () => void): void {
  const modalId = 'import-documents';
  modals.open({
    modalId,
    title: `Import into ${place.collection}`,
    size: 720,
    children: <ImportForm place={place} done={done} close={() => modals.close(modalId)} />,
  });
}

type Looked =
  | { kind: 'none' }
  | { kind: 'sending'; share: number }
  | { kind: 'failed'; what: string }
  | { kind: 'ready'; file: string; look: DocumentImportLook };

function ImportForm({ place, done, close }: { place: CollectionPlace; done: () => void; close: () => void }) {
  const [looked, setLooked] = useState<Looked>({ kind: 'none' });
  const [types, setTypes] = useState<'infer' | 'text'>('infer');
  const [there, setThere] = useState<'refuse' | 'replace'>('refuse');
  const { stack, service } = place;
  const look = async (file: string, how: 'infer' | 'text') => {
    const found = await api.documents.lookIntoImport({ stack, service, upload: file, types: how });
    setLooked({ kind: 'ready', file, look: found });
  };
  const take = async (file: File | null) => {
    if (file === null) return setLooked({ kind: 'none' });
    try {
      setLooked({ kind: 'sending', share: 0 });
      await look(await upload(file, (share) => setLooked({ kind: 'sending', share })), types);
    } catch (error) {
      setLooked({ kind: 'failed', what: problemOf(error).what });
    }
  };
  const run = async (file: string, format: DocumentImportLook['format']) => {
    const { task } = await api.documents.import({ ...place, upload: file, format, types, there });
    close();
    await whenDone(task.id).finally(done);
  };
  const ready = looked.kind === 'ready' ? looked : null;
  return (
    <div className={css.form}>
      <FileInput
        label="File"
        description="JSON: a list, or one document a line, Extended JSON too. CSV: the first line names the fields."
        placeholder="Choose a file"
        accept=".json,.ndjson,.jsonl,.csv,.txt"
        onChange={(file) => void take(file)}
        data-autofocus
      />
      {looked.kind === 'sending' ? <p className="dim num">Sending {Math.round(looked.share * 100)} %</p> : null}
      {looked.kind === 'failed' ? <p className={css.wrong}>{looked.what}</p> : null}
      {ready === null ? null : (
        <>
          <p>
            {ready.look.format === 'csv' ? 'CSV' : 'JSON'}, {bytes(ready.look.bytes)}.{' '}
            {ready.look.documents.length > 0 ? 'It begins with:' : ''}
          </p>
          {ready.look.problem === null ? null : (
            <p className={css.wrong} role="alert">
              {ready.look.problem}
            </p>
          )}
          <div className={css.samples}>
            {ready.look.documents.slice(0, 6).map((document, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: samples stand still
              <code key={index} className="cut">
                {shellLine(parseEjson(document), 400)}
              </code>
            ))}
          </div>
          {ready.look.format === 'csv' ? (
            <div className={css.fact}>
              <span className="dim">Cells are</span>
              <SegmentedControl
                size="xs"
                data={[
                  { value: 'infer', label: 'numbers, times, … as they look' },
                  { value: 'text', label: 'texts' },
                ]}
                value={types}
                onChange={(next) => {
                  setTypes(next as 'infer' | 'text');
                  void look(ready.file, next as 'infer' | 'text').catch(tell);
                }}
              />
            </div>
          ) : null}
          <div className={css.fact}>
            <span className="dim">A document whose _id is there already</span>
            <SegmentedControl
              size="xs"
              data={[
                { value: 'refuse', label: 'is refused' },
                { value: 'replace', label: 'replaces it' },
              ]}
              value={there}
              onChange={(next) => setThere(next as 'refuse' | 'replace')}
            />
          </div>
        </>
      )}
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          disabled={ready === null || ready.look.documents.length === 0}
          onClick={() => ready && void run(ready.file, ready.look.format).catch(tell)}
        >
          Import
        </Button>
      </div>
    </div>
  );
}
