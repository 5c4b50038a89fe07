/**
 * Every command the gateway sends to Redis, by itself or in a script, with arguments that show whether the user may send it and
 * leave nothing behind for longer than a second. The README of this folder has the line for an ACL, and what connecting to a
 * cluster takes besides.
 */
type Probe = (key: string) => readonly string[];

export const usedCommands: Readonly<Record<string, Probe>> = {
  ping: () => [],
  info: () => ['server'],
  eval: (key) => ['return 1', '1', key],
  evalsha: (key) => ['0000000000000000000000000000000000000000', '1', key],
  set: (key) => [key, '0', 'PX', '1000'],
  incrby: (key) => [key, '0'],
  expire: (key) => [key, '1'],
  pttl: (key) => [key],
  xadd: (key) => [`${key}-stream`, 'NOMKSTREAM', '*', 'k', 'v'],
  xread: (key) => ['COUNT', '1', 'STREAMS', `${key}-stream`, '0'],
  xrevrange: (key) => [`${key}-stream`, '+', '-', 'COUNT', '1'],
};
