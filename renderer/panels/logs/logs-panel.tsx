export function LogsPanel() {
  return <div>Logs</div>;
}
