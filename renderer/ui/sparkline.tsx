import { useMemo } from 'react';
import { linePath } from './spark-path.ts';
import css from './sparkline.module.css';

interface SparklineProps {
  values: readonly number[];
  /** How many values fill the width; fewer are drawn at its right end. */
  room: number;
  /** The least top of the scale, so that noise near nought stays flat. */
  least: number;
  colour: string;
  label: string;
}

const width = 120;
const height = 24;

/** A line of the last values, stretched to the room it is given. */
export function Sparkline({ values, room, least, colour, label }: SparklineProps) {
  const path = useMemo(() => linePath(values, { room, least, width, height }), [values, room, least]);
  return (
    <svg className={css.spark} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} className={css.ground} />
      <path d={path} fill="none" stroke={colour} strokeWidth={1.25} strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
