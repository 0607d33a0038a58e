import { json } from '@codemirror/lang-json';
import { Select } from '@mantine/core';
import { IconListTree } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, problemOf } from '../../api/client.ts';
import { useSettings } from '../../api/settings.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Code } from '../../ui/editor/code.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { dateTime } from '../../ui/format.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import { Spring, Toolbar } from '../../ui/toolbar.tsx';
import css from './topics.module.css';
import { type Place, topicsKey } from './use-catalog.ts';

const asJson = [json()];
const plain: [] = [];

/** What the registry says messages of the topic look like. */
export function SchemaTab({ place, topic }: { place: Place; topic: string }) {
  const zone = useSettings()?.times ?? 'local';
  const [version, setVersion] = useState<number | null>(null);
  const schemas = useQuery({
    queryKey: topicsKey(place, 'schemas', topic),
    queryFn: () => api.topics.schemas({ ...place, topic }),
    retry: false,
  });
  if (schemas.error) {
    return (
      <div className={css.aside}>
        <ProblemBox problem={problemOf(schemas.error)} />
      </div>
    );
  }
  if (!schemas.data) return null;
  const chosen = schemas.data.find((each) => each.version === version) ?? schemas.data[0];
  if (!chosen) {
    return (
      <div className={css.aside}>
        <EmptyState
          icon={IconListTree}
          line="The registry has no schema of this topic: messages are shown as JSON or text where they are that, and as bytes where they are not."
        />
      </div>
    );
  }
  return (
    <div className={css.definition}>
      <Toolbar label="Schema">
        <Select
          size="xs"
          aria-label="Version"
          data={schemas.data.map((each) => ({ value: String(each.version), label: `Version ${each.version}` }))}
          value={String(chosen.version)}
          allowDeselect={false}
          onChange={(value) => setVersion(Number(value))}
        />
        <span>{chosen.type}</span>
        <span className="dim">since {dateTime(chosen.at, zone)}</span>
        <Spring />
        <CopyButton text={chosen.text} label="Copy the definition" />
      </Toolbar>
      {chosen.lack ? (
        <div className={css.note} data-tone="warn">
          {chosen.lack}
        </div>
      ) : null}
      <div className={css.scroll}>
        <Code
          text={chosen.text || 'This type needs no definition.'}
          language={chosen.text.startsWith('{') ? asJson : plain}
          label="Definition"
        />
      </div>
    </div>
  );
}
