import 'react';

declare module 'react' {
  interface CSSProperties {
    /** The hue handed to a piece's stylesheet. */
    '--hue'?: string;
    /** Least and greatest height of an editor. */
    '--min'?: string;
    '--max'?: string;
  }
}
