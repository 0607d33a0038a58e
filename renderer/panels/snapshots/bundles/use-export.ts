import { useEffect, useRef, useState } from 'react';
import type { BundleAbout, BundleFile, BundleLock, ProblemData, TaskSummary } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { fetchFile } from '../../../api/files.ts';
import { endOf, type TaskEnd } from '../../../api/task-end.ts';
import { useTasks } from '../../../api/tasks.tsx';

/** How far the way from a wish to a file is. `plan` is what the core has gathered and holds until it is let go of. */
export type ExportStage =
  | { kind: 'asking'; problem: ProblemData | null }
  | { kind: 'looking'; plan: string; task: TaskSummary }
  | { kind: 'seen'; plan: string; about: BundleAbout; problem: ProblemData | null }
  | { kind: 'writing'; plan: string; task: TaskSummary }
  | { kind: 'done'; file: string; written: BundleFile };

/** A cancel was asked for: it is nothing to tell. */
function problemIn({ problem }: TaskEnd): ProblemData | null {
  return problem && problem.code !== 'cancelled' ? problem : null;
}

export type Taking<Asked> = ReturnType<typeof useExport<Asked>>;

/**
 * Looking at what a bundle would hold, then writing just that. Nothing is left of it in the core when whoever uses it goes.
 * @param plan has the core gather it
 */
export function useExport<Asked>(plan: (asked: Asked) => Promise<{ task: TaskSummary; plan: string }>) {
  const { started } = useTasks();
  const [stage, setStage] = useState<ExportStage>({ kind: 'asking', problem: null });
  const gone = useRef(false);
  const held = useRef(stage);
  held.current = stage;
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      letGo(held.current);
    };
  }, []);
  /** The dialog may have gone while the core answered. */
  const go = (next: ExportStage) => (gone.current ? letGo(next) : setStage(next));

  /** A second click, before the first has changed anything to see, is none. */
  const busy = useRef(false);
  const once = async (act: () => Promise<void>, failed: (problem: ProblemData) => ExportStage) => {
    if (busy.current) return;
    busy.current = true;
    try {
      await act();
    } catch (error) {
      go(failed(problemOf(error)));
    } finally {
      busy.current = false;
    }
  };

  const look = (asked: Asked) =>
    once(
      async () => {
        const { task, plan: planned } = await plan(asked);
        started(task);
        go({ kind: 'looking', plan: planned, task });
        const end = await endOf(task.id);
        if (end.ok) go({ kind: 'seen', plan: planned, about: await api.bundles.preview({ plan: planned }), problem: null });
        else go({ kind: 'asking', problem: problemIn(end) });
      },
      (problem) => ({ kind: 'asking', problem }),
    );
  const write = (planned: string, about: BundleAbout, lock: BundleLock) =>
    once(
      async () => {
        const { task, file } = await api.bundles.export({ plan: planned, lock });
        started(task);
        go({ kind: 'writing', plan: planned, task });
        const end = await endOf(task.id);
        if (!end.ok) return go({ kind: 'seen', plan: planned, about, problem: problemIn(end) });
        const written = await api.bundles.inspect({ file });
        forget(planned);
        if (gone.current) return;
        fetchFile(file);
        go({ kind: 'done', file, written });
      },
      (problem) => ({ kind: 'seen', plan: planned, about, problem }),
    );
  const back = () => {
    letGo(stage);
    setStage({ kind: 'asking', problem: null });
  };
  return { stage, look, write, back };
}

function letGo(stage: ExportStage): void {
  if (stage.kind === 'looking' || stage.kind === 'writing') void api.tasks.cancel({ task: stage.task.id }).catch(() => undefined);
  if ('plan' in stage) forget(stage.plan);
}

/** What cannot be told now goes by itself within the hour. */
function forget(plan: string): void {
  void api.bundles.forget({ plan }).catch(() => undefined);
}
