import type { TopicAct } from '../../../preload/contract/index.ts';
import { tell } from '../../api/actions.tsx';
import { api } from '../../api/client.ts';
import { askLoss, askPreview } from '../../ui/ask.tsx';
import type { Place } from './use-catalog.ts';

/** Shows what an act does and loses, and does it when a person agrees. */
export async function askAct(place: Place, title: string, act: TopicAct, done: () => void | Promise<void>): Promise<void> {
  try {
    const { button, losses, statements } = await api.topics.preview({ ...place, act });
    const perform = async () => {
      await api.topics.perform({ ...place, act });
      await done();
    };
    if (losses.length > 0) askLoss({ title, losses, statements, button, act: perform });
    else askPreview({ title, statements, button, act: perform });
  } catch (error) {
    tell(error);
  }
}
