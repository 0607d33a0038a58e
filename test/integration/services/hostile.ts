/** What someone might try to break out of a statement, a path, a frame or a line with. */
export const hostile = [
  `'; drop table users; --`,
  `" or true or r["a"] == "`,
  '\r\nFLUSHALL\r\n',
  '$ne',
  '{"$gt":""}',
  '${1+1} $(id) `id`',
  '*?[a-z]\\x',
  'a=b,c d',
  '%2F..%2F?x=1#y&z',
  'ünïcödé ✓',
];
