import { expect, it } from 'vitest';
import { draftId, keptStages, moved, newStage, operatorOf, pipelineText, writing } from './stages.ts';

const stage = (text: string, on = true) => ({ id: text, text, on });

it('a pipeline holds the stages that are on, in their order', () => {
  const stages = [stage('{ $match: {} }'), stage('{ $limit: 1 }', false), stage("{ $out: 'x' }")];
  expect(pipelineText(stages)).toBe("[\n  { $match: {} },\n  { $out: 'x' }\n]");
  expect(pipelineText([])).toBe('[]');
  expect(writing(stages)?.text).toBe("{ $out: 'x' }");
  expect(writing([stage("{ $out: 'x' }", false)])).toBeUndefined();
  expect(moved(stages, 2, 0).map(({ text }) => operatorOf(text))).toEqual(['$out', '$match', '$limit']);
  expect(moved(stages, 0, -1)).toEqual(stages);
});

it('what was kept comes back; what is no pipeline is none', () => {
  expect(keptStages('{"stages":[{"text":"{ $limit: 1 }","on":false},{"x":1}]}')).toMatchObject([{ text: '{ $limit: 1 }', on: false }]);
  expect(keptStages('nope')).toEqual([]);
  expect(operatorOf(newStage('$nope').text)).toBe('$nope');
});

it('each collection has a draft of its own', () => {
  const ids = new Set([draftId('m', 'a', 'bc'), draftId('m', 'ab', 'c'), draftId('n', 'a', 'bc')]);
  expect(ids.size).toBe(3);
  for (const id of ids) expect(id.length).toBeLessThanOrEqual(64);
});
