/** Files to and from the core. Both doors answer the same addresses beside the page. */

/** Sends a file to the core, straight from disk to disk. @returns the id it is known by there. @throws Error with the core's words; once the signal is aborted */
export function upload(file: File, onProgress?: (share: number) => void, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${base()}files?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 200) resolve((JSON.parse(request.responseText) as { id: string }).id);
      else reject(new Error(request.responseText.trim() || 'The file was not taken.'));
    };
    request.onabort = () => reject(new Error('The file was no longer wanted.'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.onerror = () => reject(new Error('The file could not be sent: the core cannot be reached.'));
    request.send(file);
  });
}

/** Hands a file that the core has made to the person: the browser's own download, or a save dialog. */
export function fetchFile(id: string): void {
  const link = document.createElement('a');
  link.href = `${base()}files/${id}`;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}

/** Routes live in the path or behind the hash: files are beside the page in both. */
function base(): string {
  return `${location.protocol}//${location.host}/`;
}
