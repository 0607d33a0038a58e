import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Decoder, ValuePlace } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';

const names: Readonly<Record<Decoder, string>> = { gzip: 'gzip', base64: 'base64', hex: 'hex', msgpack: 'MessagePack', json: 'JSON' };
const chains: readonly (readonly Decoder[])[] = [
  ['json'],
  ['msgpack'],
  ['gzip'],
  ['gzip', 'json'],
  ['gzip', 'msgpack'],
  ['base64'],
  ['base64', 'json'],
  ['base64', 'gzip'],
  ['base64', 'gzip', 'json'],
  ['base64', 'msgpack'],
  ['hex'],
];
const word = (chain: readonly Decoder[]) => chain.map((decoder) => names[decoder]).join(' → ');

interface DecodedProps {
  keyName: string;
  place: ValuePlace;
  /** Bytes of the whole: more than the window may read is not decoded. */
  tooLarge: boolean;
  children: React.ReactNode;
}

/** A value as it is, or with one or more layers undone. What it seems to be is offered first. */
export function Decoded({ keyName, place, tooLarge, children }: DecodedProps) {
  const target = useTarget();
  const [chosen, setChosen] = useState<string>('');
  const raw = useQuery({
    queryKey: ['cache', target, 'key', keyName, 'decode', place, ''],
    queryFn: () => api.cache.decode({ ...target, key: keyName, place, decoders: [] }),
    enabled: !tooLarge,
    retry: false,
  });
  const decoded = useQuery({
    queryKey: ['cache', target, 'key', keyName, 'decode', place, chosen],
    queryFn: () => api.cache.decode({ ...target, key: keyName, place, decoders: chosen.split(' ') as Decoder[] }),
    enabled: chosen !== '',
    retry: false,
  });
  const suggested = (raw.data?.suggested ?? []).join(' ');
  const known = chains.map((chain) => chain.join(' '));
  const values = suggested === '' || suggested === 'json' || known.includes(suggested) ? known : [suggested, ...known];
  return (
    <div className={css.decoded}>
      {tooLarge ? null : (
        <div className={css.decoders}>
          <span className={css.label}>Decoded as</span>
          <Select
            size="xs"
            aria-label="Decoder"
            className={css.decoder}
            data={[
              { value: '', label: 'as it is' },
              ...values.map((value) => ({
                value,
                label: `${word(value.split(' ') as Decoder[])}${value === suggested ? ' (looks like it)' : ''}`,
              })),
            ]}
            value={chosen}
            allowDeselect={false}
            onChange={(value) => setChosen(value ?? '')}
          />
          {suggested !== '' && suggested !== 'json' && chosen === '' ? (
            <button type="button" className={css.hintButton} onClick={() => setChosen(suggested)}>
              Looks like {word(suggested.split(' ') as Decoder[])}: decode it
            </button>
          ) : null}
        </div>
      )}
      {chosen === '' ? (
        children
      ) : decoded.isError ? (
        <ProblemBox problem={problemOf(decoded.error)} />
      ) : decoded.data === undefined ? null : (
        <ValueView
          text={decoded.data.text}
          base64={decoded.data.base64 ?? undefined}
          kind={decoded.data.kind}
          bytes={decoded.data.bytes}
          cut={decoded.data.cut}
        />
      )}
    </div>
  );
}
