import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Distribution } from '../../../../preload/contract/index.ts';
import { inUnit } from '../../../ui/chart/units.ts';
import { count, dateTime, type Zone } from '../../../ui/format.ts';
import css from './charts.module.css';
import { axisTicks, boxAt, type Plot, shade, timeTicks } from './heat.ts';

interface HeatMapProps {
  distribution: Distribution;
  unit?: string;
  zone: Zone;
  height: number;
  onZoom: (from: number, to: number) => void;
}

/** How many values fall into which box, over time: the darker, the more. Dragging zooms. */
export function HeatMap({ distribution, unit, zone, height, onZoom }: HeatMapProps) {
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const [from, setFrom] = useState<number | null>(null);
  const plot: Plot = { left: 64, top: 8, width: Math.max(1, width - 76), height: height - 36 };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are the theme's
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, distribution, plot, { width, height, unit, zone });
  }, [distribution, width, height, unit, zone, scheme]);
  const point = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const timeAt = (x: number) => {
    const share = Math.min(1, Math.max(0, (x - plot.left) / plot.width));
    return Math.round(distribution.start + share * (distribution.stop - distribution.start));
  };
  const box = at === null ? undefined : boxAt(distribution, plot, at);
  return (
    <figure className={css.heat} ref={ref} aria-label="How values are spread over time" style={{ height }}>
      <canvas
        ref={canvas}
        style={{ width: '100%', height }}
        onPointerMove={(event) => setAt(point(event))}
        onPointerLeave={() => setAt(null)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(point(event).x);
        }}
        onPointerUp={(event) => {
          const { x } = point(event);
          if (from !== null && Math.abs(x - from) > 4) onZoom(timeAt(Math.min(from, x)), timeAt(Math.max(from, x)));
          setFrom(null);
        }}
      />
      {from !== null && at !== null ? (
        <span
          className={css.zooming}
          style={{ left: Math.min(from, at.x), width: Math.abs(at.x - from), top: plot.top, height: plot.height }}
        />
      ) : null}
      {box && at ? (
        <div className={css.tip} style={at.x > width / 2 ? { right: width - at.x + 12, top: at.y } : { left: at.x + 12, top: at.y }}>
          <div className="num">
            {count(box.count)} {distribution.of.kind === 'points' ? 'points' : 'means'}
          </div>
          <div className="dim num">
            {inUnit(box.from, unit)} to {inUnit(box.to, unit)}
          </div>
          <div className="dim num">{dateTime(box.time, zone)}</div>
        </div>
      ) : null}
    </figure>
  );
}

interface Look {
  width: number;
  height: number;
  unit: string | undefined;
  zone: Zone;
}

function draw(
  canvas: HTMLCanvasElement,
  { counts, times, bounds, every, start, stop }: Distribution,
  plot: Plot,
  { width, height, unit, zone }: Look,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  const colour = (name: string) => getComputedStyle(canvas).getPropertyValue(name).trim();
  const most = Math.max(1, ...counts.map((column) => Math.max(0, ...column)));
  const x = (time: number) => plot.left + ((time - start) / (stop - start)) * plot.width;
  const y = (value: number) => plot.top + plot.height - ((value - bounds[0]!) / (bounds.at(-1)! - bounds[0]!)) * plot.height;
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  context.fillStyle = colour('--nb-influxdb');
  for (const [column, rows] of counts.entries()) {
    const left = x(times[column]!);
    const right = x(times[column]! + every);
    for (const [row, n] of rows.entries()) {
      if (n === 0) continue;
      context.globalAlpha = shade(n, most);
      const top = y(bounds[row + 1]!);
      context.fillRect(left, top, Math.max(1, right - left - 0.5), Math.max(1, y(bounds[row]!) - top - 0.5));
    }
  }
  context.restore();
  context.strokeStyle = colour('--nb-border');
  context.fillStyle = colour('--nb-text-2');
  context.font = '11px Inter, system-ui, sans-serif';
  context.lineWidth = 1;
  context.strokeRect(plot.left + 0.5, plot.top + 0.5, plot.width - 1, plot.height - 1);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of axisTicks(bounds, Math.floor(plot.height / 40))) context.fillText(inUnit(value, unit), plot.left - 6, y(value));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const { time, text } of timeTicks(start, stop, Math.floor(plot.width / 110), zone))
    context.fillText(text, x(time), plot.top + plot.height + 6);
}
