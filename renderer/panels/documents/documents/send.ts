import type { DocumentText } from '../../../../preload/contract/index.ts';
import { upload } from '../../../api/files.ts';

/** Bytes that fit into a message even with every quote escaped; what is bigger goes as a file. */
const most = 400_000;

export async function asDocumentText(text: string): Promise<DocumentText> {
  if (text.length <= most && new Blob([text]).size <= most) return { text };
  return { upload: await upload(new File([text], 'document')) };
}
