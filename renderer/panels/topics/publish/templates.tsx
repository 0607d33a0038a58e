import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconDeviceFloppy, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { shortName } from '../names.ts';
import css from '../topics.module.css';
import type { Place } from '../use-catalog.ts';
import { type Draft, readPublished, readTemplate, writeTemplate } from './draft.ts';

interface TemplatesProps {
  place: Place;
  topic: string;
  draft: Draft;
  onUse: (draft: Draft) => void;
}

/** Messages kept under a name, and those published of late. */
export function Templates({ place: { stack, service }, topic, draft, onUse }: TemplatesProps) {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const key = ['notebook', stack, 'topics'];
  const saved = useQuery({
    queryKey: [...key, 'template'],
    queryFn: () => api.notebook.saved({ stack, panel: 'topics', kind: 'template' }),
  });
  const history = useQuery({ queryKey: [...key, 'history'], queryFn: () => api.notebook.history({ stack, panel: 'topics', limit: 30 }) });
  const change = (act: Promise<unknown>) => void act.then(() => queries.invalidateQueries({ queryKey: key })).catch(tell);
  const save = () => {
    if (name.trim() === '') return;
    const same = saved.data?.find((each) => each.name === name.trim());
    const item = {
      id: same?.id ?? crypto.randomUUID(),
      panel: 'topics' as const,
      kind: 'template',
      name: name.trim(),
      body: writeTemplate(draft, topic),
    };
    change(api.notebook.save({ stack, item }));
    setName('');
  };
  const recent = (history.data ?? []).flatMap((entry) => {
    const read = entry.service === service && entry.failure === null ? readPublished(entry.text) : undefined;
    return read ? [{ id: entry.id, ...read }] : [];
  });
  return (
    <>
      <div className={css.row}>
        <TextInput
          size="xs"
          label="Templates"
          placeholder="Name of a template"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && save()}
        />
        <Button
          variant="default"
          style={{ flex: 'none' }}
          leftSection={<IconDeviceFloppy size={14} stroke={1.75} />}
          disabled={name.trim() === ''}
          onClick={save}
        >
          Save
        </Button>
      </div>
      <ul className={css.list} aria-label="Templates">
        {(saved.data ?? []).map((item) => (
          <li key={item.id}>
            <button type="button" className={`${css.textButton} cut`} onClick={() => onUse(readTemplate(item.body).draft)}>
              {item.name}
            </button>
            <ActionIcon
              size={22}
              aria-label={`Delete the template ${item.name}`}
              onClick={() => change(api.notebook.remove({ stack, panel: 'topics', id: item.id }))}
            >
              <IconX size={12} stroke={1.75} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {recent.length === 0 ? null : (
        <>
          <span className="dim">Published of late</span>
          <ul className={css.list} aria-label="Published of late">
            {recent.slice(0, 12).map((each) => (
              <li key={each.id}>
                <button
                  type="button"
                  className={`${css.textButton} cut`}
                  onClick={() => onUse(each.draft)}
                  title={each.draft.payload.slice(0, 500)}
                >
                  {each.topic === topic ? '' : `${shortName(each.topic)}: `}
                  <span className="mono">{each.draft.payload.replaceAll(/\s+/g, ' ').slice(0, 80) || 'empty'}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
