/** What a browser without a session is shown: why, and how to get in. */
export function lockedPage(status: 401 | 403): string {
  const why = status === 403 ? 'This link has been used, or is too old.' : 'This browser has not been let in yet.';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Noodlebox</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 14px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem; }
  code { font-family: ui-monospace, monospace; padding: 2px 6px; border: 1px solid; border-radius: 4px; }
</style>
<h1>Noodlebox</h1>
<p>${why} Each link lets one browser in, once.</p>
<p>Run this for a fresh one:</p>
<p><code>npx noodlebox open --web</code></p>
</html>
`;
}
