import { useEffect, useRef, useState } from 'react';
import type { BundleAbout, BundleFile, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { upload } from '../../../api/files.ts';

/** What a file is opened with. */
export interface BundleKeys {
  readonly passphrase: string | null;
  readonly identities: string[];
}

const noKeys: BundleKeys = { passphrase: null, identities: [] };

/** How far the way from a person's file to what it holds is. `file` is what the core knows it by. */
export type OpenStage =
  | { kind: 'choosing'; problem: ProblemData | null }
  | { kind: 'sending'; share: number }
  | { kind: 'locked'; file: string; outside: BundleFile; problem: ProblemData | null; trying: boolean }
  | { kind: 'open'; file: string; outside: BundleFile; about: BundleAbout; keys: BundleKeys };

/** Looking into a file. What another choice, or the end of the dialog, has made stale is not told any more. */
export function useOpen() {
  const [stage, setStage] = useState<OpenStage>({ kind: 'choosing', problem: null });
  const chosen = useRef(new AbortController());
  useEffect(() => () => chosen.current.abort(), []);
  const going = (signal: AbortSignal) => (next: OpenStage) => (signal.aborted ? undefined : setStage(next));

  const send = async (file: File | null) => {
    chosen.current.abort();
    chosen.current = new AbortController();
    const { signal } = chosen.current;
    const go = going(signal);
    if (file === null) return go({ kind: 'choosing', problem: null });
    try {
      go({ kind: 'sending', share: 0 });
      const id = await upload(file, (share) => go({ kind: 'sending', share }), signal);
      const outside = await api.bundles.inspect({ file: id });
      const { about } = outside;
      if (about === null) go({ kind: 'locked', file: id, outside, problem: null, trying: false });
      else go({ kind: 'open', file: id, outside, about, keys: noKeys });
    } catch (error) {
      go({ kind: 'choosing', problem: problemOf(error) });
    }
  };
  const unlock = async (locked: Extract<OpenStage, { kind: 'locked' }>, keys: BundleKeys) => {
    const go = going(chosen.current.signal);
    const { file, outside } = locked;
    go({ ...locked, problem: null, trying: true });
    try {
      const { about } = await api.bundles.inspect({ file, ...keys });
      if (about !== null) go({ kind: 'open', file, outside, about, keys });
    } catch (error) {
      go({ ...locked, problem: problemOf(error), trying: false });
    }
  };
  return { stage, send, unlock };
}
