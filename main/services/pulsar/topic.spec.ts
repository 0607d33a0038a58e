import { expect, it } from 'vitest';
import { segments, stackTopic, topicPath, topicUrl } from './topic.ts';

it.each([
  ['compilation-events', 'public/default/compilation-events'],
  ['a b?c#d%2Fe', 'public/default/a%20b%3Fc%23d%252Fe'],
  ['ünï=&;', 'public/default/%C3%BCn%C3%AF%3D%26%3B'],
])('the topic %j becomes the path %s', (name, path) => {
  expect(topicPath(stackTopic(name))).toBe(path);
  expect(new URL(`http://h/${path}`).pathname).toBe(`/${path}`);
});

it.each(['', '.', '..', '../../tenants', 'a/b', 'a\\b', 'a\r\nHost: x', 'a\0'])('%j cannot be a name', (name) => {
  expect(() => topicPath(stackTopic(name))).toThrowError(/cannot be a name in Pulsar/);
  expect(() => topicUrl(stackTopic(name))).toThrowError(/cannot be a name in Pulsar/);
  expect(() => segments(['admin', name])).toThrowError(/cannot be a name in Pulsar/);
});
