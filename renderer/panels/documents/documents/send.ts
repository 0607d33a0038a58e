import type { DocumentText } from '../../../../preload/contract/index.ts';
import { upload } from '../../../api/files.ts';

/** What fits into a message; what is bigger goes as a file. */
const most = 800_000;

export async function asDocumentText(text: string): Promise<DocumentText> {
  if (text.length <= most && new Blob([text]).size <= most) return { text };
  return { upload: await upload(new File([text], 'document')) };
}
