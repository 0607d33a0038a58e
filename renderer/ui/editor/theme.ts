import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const words = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--nb-code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--nb-code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--nb-code-number)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--nb-text-3)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName], color: 'var(--nb-code-name)' },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], color: 'var(--nb-code-function)' },
  { tag: [tags.typeName, tags.className], color: 'var(--nb-code-function)' },
  { tag: tags.invalid, color: 'var(--nb-error)' },
]);

const looks = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--nb-surface)', color: 'var(--nb-text)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: "'JetBrains Mono', ui-monospace, monospace", lineHeight: '19px', overflow: 'auto' },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--nb-accent)' },
  '.cm-line': { padding: '0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--nb-accent)' },
  '.cm-gutters': { backgroundColor: 'var(--nb-surface)', color: 'var(--nb-text-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '28px', padding: '0 4px 0 8px' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--nb-hover) 55%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--nb-accent) 26%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--nb-mark) 55%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--nb-hover)',
    outline: '1px solid var(--nb-border-strong)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--nb-mark)', color: 'var(--nb-on-mark)' },
  '.cm-placeholder': { color: 'var(--nb-text-3)' },
  '.cm-panels': { backgroundColor: 'var(--nb-ground)', color: 'var(--nb-text)', borderBottom: '1px solid var(--nb-border)' },
  '.cm-panel.cm-search': { fontSize: '12px' },
  '.cm-textfield': {
    backgroundColor: 'var(--nb-surface)',
    border: '1px solid var(--nb-border-strong)',
    borderRadius: '4px',
    color: 'inherit',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--nb-surface)',
    border: '1px solid var(--nb-border-strong)',
    borderRadius: '4px',
    color: 'inherit',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--nb-surface)',
    border: '1px solid var(--nb-border-strong)',
    borderRadius: '6px',
    color: 'var(--nb-text)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: "'JetBrains Mono', ui-monospace, monospace",
    fontSize: '12px',
    maxHeight: '240px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--nb-selected)', color: 'var(--nb-text)' },
  '.cm-completionDetail': { color: 'var(--nb-text-3)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--nb-accent)', fontWeight: '600' },
  '.cm-diagnostic': { padding: '4px 8px', borderLeft: '3px solid var(--nb-error)' },
  '.cm-gutter-lint': { width: '12px' },
});

/** Colours come from the theme's own tokens, so the editor changes with the window. */
export const editorTheme: Extension = [looks, syntaxHighlighting(words)];
