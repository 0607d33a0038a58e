import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Greys from lightest to darkest of the light theme; Mantine's own pieces draw from them. */
const gray: MantineColorsTuple = [
  '#fafafb',
  '#f4f4f6',
  '#ebebee',
  '#dfdfe4',
  '#c9c9d1',
  '#9d9da8',
  '#73737f',
  '#5a5a66',
  '#3b3b45',
  '#1c1c22',
];
/** The same for the dark theme: 0 is its text, 9 the deepest ground. */
const dark: MantineColorsTuple = [
  '#e4e4e9',
  '#b6b6c1',
  '#9a9aa7',
  '#6c6c79',
  '#3d3d47',
  '#2e2e36',
  '#222228',
  '#1a1a1f',
  '#141418',
  '#0e0e11',
];
const accent: MantineColorsTuple = [
  '#eef0ff',
  '#dfe2ff',
  '#bfc5ff',
  '#9ba4ff',
  '#7f89fb',
  '#6670ee',
  '#5660de',
  '#4650c8',
  '#3a43ab',
  '#2d3488',
];

/** Red of destructive buttons: white on it is readable in both themes. */
const red: MantineColorsTuple = [
  '#fdf1f1',
  '#fadddd',
  '#f2b8ba',
  '#ea9296',
  '#e27177',
  '#da4f56',
  '#c9333a',
  '#bb1f2b',
  '#a21a25',
  '#87151e',
];

type Tokens = Record<string, string>;

/** Every colour the window uses, by what it is for. Text on its ground holds WCAG AA (4.5:1) in both themes. */
const light: Tokens = {
  '--nb-ground': '#f6f6f8',
  '--nb-surface': '#ffffff',
  '--nb-sunken': '#f1f1f4',
  '--nb-hover': '#ececf0',
  '--nb-selected': '#e6e8fc',
  '--nb-border': '#e1e1e6',
  '--nb-border-strong': '#c9c9d1',
  '--nb-text': '#1c1c22',
  '--nb-text-2': '#55555f',
  '--nb-text-3': '#686873',
  '--nb-accent': '#4650c8',
  '--nb-focus': '#4650c8',
  '--nb-ok': '#1a7437',
  '--nb-busy': '#3b45bd',
  '--nb-warn': '#855400',
  '--nb-error': '#bb1f2b',
  '--nb-idle': '#5f5f6b',
  '--nb-error-ground': '#fdf1f1',
  '--nb-warn-ground': '#fdf6e7',
  '--nb-ok-ground': '#eef7f0',
  '--nb-mark': '#ffe58a',
  '--nb-on-mark': '#1c1c22',
  '--nb-postgres': '#2463b5',
  '--nb-redis': '#bf2f26',
  '--nb-pulsar': '#0b7285',
  '--nb-mongodb': '#2f7d3b',
  '--nb-influxdb': '#7a3fc0',
  '--nb-other': '#5f5f6b',
  '--nb-code-keyword': '#4650c8',
  '--nb-code-string': '#1f6f3a',
  '--nb-code-number': '#9a4a00',
  '--nb-code-name': '#0b6477',
  '--nb-code-function': '#7a3fc0',
  '--nb-chart-1': '#2463b5',
  '--nb-chart-2': '#c2541b',
  '--nb-chart-3': '#2f7d3b',
  '--nb-chart-4': '#7a3fc0',
  '--nb-chart-5': '#0b7285',
  '--nb-chart-6': '#b0246f',
  '--nb-chart-7': '#8a6a00',
  '--nb-chart-8': '#5f5f6b',
};

const night: Tokens = {
  '--nb-ground': '#111114',
  '--nb-surface': '#18181c',
  '--nb-sunken': '#141417',
  '--nb-hover': '#232329',
  '--nb-selected': '#272a4a',
  '--nb-border': '#2a2a31',
  '--nb-border-strong': '#41414b',
  '--nb-text': '#e6e6ea',
  '--nb-text-2': '#a9a9b4',
  '--nb-text-3': '#8e8e9a',
  '--nb-accent': '#98a1ff',
  '--nb-focus': '#98a1ff',
  '--nb-ok': '#4cc36d',
  '--nb-busy': '#98a1ff',
  '--nb-warn': '#e0ae45',
  '--nb-error': '#ff7b7b',
  '--nb-idle': '#9a9aa7',
  '--nb-error-ground': '#2a1a1c',
  '--nb-warn-ground': '#272114',
  '--nb-ok-ground': '#16241a',
  '--nb-mark': '#6b5600',
  '--nb-on-mark': '#fff6d6',
  '--nb-postgres': '#6aa7f0',
  '--nb-redis': '#f2837b',
  '--nb-pulsar': '#4cc3d9',
  '--nb-mongodb': '#6cc27a',
  '--nb-influxdb': '#b690f0',
  '--nb-other': '#9a9aa7',
  '--nb-code-keyword': '#98a1ff',
  '--nb-code-string': '#7cc78d',
  '--nb-code-number': '#e5a35f',
  '--nb-code-name': '#62c4d8',
  '--nb-code-function': '#c09bf5',
  '--nb-chart-1': '#6aa7f0',
  '--nb-chart-2': '#f0935a',
  '--nb-chart-3': '#6cc27a',
  '--nb-chart-4': '#b690f0',
  '--nb-chart-5': '#4cc3d9',
  '--nb-chart-6': '#ee7fb8',
  '--nb-chart-7': '#d9b44a',
  '--nb-chart-8': '#a9a9b4',
};

/** Mantine's own variables that must follow our tokens. */
const mantine: Tokens = {
  '--mantine-color-body': 'var(--nb-surface)',
  '--mantine-color-text': 'var(--nb-text)',
  '--mantine-color-dimmed': 'var(--nb-text-2)',
  '--mantine-color-default': 'var(--nb-surface)',
  '--mantine-color-default-hover': 'var(--nb-hover)',
  '--mantine-color-default-color': 'var(--nb-text)',
  '--mantine-color-default-border': 'var(--nb-border-strong)',
  '--mantine-color-placeholder': 'var(--nb-text-3)',
  '--mantine-color-error': 'var(--nb-error)',
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...light, ...mantine },
  dark: { ...night, ...mantine },
});

export const theme = createTheme({
  colors: { gray, dark, accent, red },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: "Inter, system-ui, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '14px', xl: '16px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.35' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'compact-sm', h: 28, px: 10, fw: 500 } },
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' }, classNames: { root: 'quietWhenDisabled' } },
    Tooltip: { defaultProps: { openDelay: 350, fz: 12, withArrow: false, transitionProps: { duration: 80 } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md', radius: 'md' } },
    Modal: {
      defaultProps: { transitionProps: { duration: 100 }, centered: true, radius: 'md', overlayProps: { backgroundOpacity: 0.35 } },
    },
    Kbd: { defaultProps: { size: 'xs', fw: 500 } },
  },
});

/** The colour variable of a service's hue; services without a kind of ours share a grey. */
export function hueOf(kind: string | null): string {
  return `var(--nb-${kind ?? 'other'})`;
}
