/** Words and numbers as the window shows them. Sizes come in bytes, times in ms. */

const MiB = 1024 * 1024;
const grouped = new Intl.NumberFormat('en-US');

export function count(n: number): string {
  return grouped.format(n);
}

/** "212 MiB", "1.4 GiB"; one decimal below ten. */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  if (n < MiB) return `${short(n / 1024)} KiB`;
  if (n < 1024 * MiB) return `${short(n / MiB)} MiB`;
  return `${(n / (1024 * MiB)).toFixed(n < 10 * 1024 * MiB ? 2 : 1)} GiB`;
}

function short(n: number): string {
  return n < 9.95 ? n.toFixed(1) : String(Math.round(n));
}

/** A share of one core as a percentage: 0.034 is "3.4 %". */
export function cpu(share: number): string {
  const percent = share * 100;
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** "480 ms", "3.2 s", "4 min 09 s", "2 h 05 min", "3 d 4 h". */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** A running span that ticks by the second: "0 s", "12 s", then as `duration`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}

export type Zone = 'local' | 'utc';

/** "14:03:27.512" in the zone asked for. */
export function clock(ms: number, zone: Zone): string {
  const date = new Date(ms);
  if (zone === 'utc') return date.toISOString().slice(11, 23);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** "2026-03-01 14:03:27.512 UTC", or with the local offset. */
export function dateTime(ms: number, zone: Zone): string {
  const date = new Date(ms);
  if (zone === 'utc') return `${date.toISOString().slice(0, 10)} ${clock(ms, zone)} UTC`;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock(ms, zone)} ${offset(date)}`;
}

/** The same to the second, for sentences. */
export function dateSecond(ms: number, zone: Zone): string {
  return dateTime(ms, zone).replace(/\.\d{3}(?= )/, '');
}

function offset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(n: number, width = 2): string {
  return String(n).padStart(width, '0');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
