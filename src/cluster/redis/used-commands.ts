/**
 * Every command the gateway sends to Redis, directly or in a script, with arguments that show whether the user may send it and
 * leave nothing behind for longer than a second. The README of this folder has the line for an ACL, and the further commands for a
 * cluster.
 */
type Probe = (key: string) => readonly string[];

export const usedCommands: Readonly<Record<string, Probe>> = {
  ping: () => [],
  info: () => ['server'],
  eval: (key) => ['return 1', '1', key],
  evalsha: (key) => ['0000000000000000000000000000000000000000', '1', key],
  time: () => [],
  set: (key) => [key, '0', 'PX', '1000'],
  get: (key) => [key],
  unlink: (key) => [`${key}-none`],
  // The key is a string, or absent.
  hset: (key) => [key, 'f', '0'],
  hget: (key) => [key, 'f'],
  hmget: (key) => [key, 'f'],
  hdel: (key) => [key, 'f'],
  hkeys: (key) => [key],
  pexpire: (key) => [key, '1000'],
  zadd: (key) => [`${key}-set`, 'XX', '0', 'm'],
  zscore: (key) => [`${key}-set`, 'm'],
  zrangebyscore: (key) => [`${key}-set`, '0', '0'],
  zremrangebyscore: (key) => [`${key}-set`, '0', '0'],
  incrby: (key) => [key, '0'],
  expire: (key) => [key, '1'],
  pttl: (key) => [key],
  xadd: (key) => [`${key}-stream`, 'NOMKSTREAM', '*', 'k', 'v'],
  xdel: (key) => [`${key}-stream`, '0-1'],
  xinfo: (key) => ['STREAM', `${key}-stream`],
  xrange: (key) => [`${key}-stream`, '-', '+', 'COUNT', '1'],
  xread: (key) => ['COUNT', '1', 'STREAMS', `${key}-stream`, '0'],
  xrevrange: (key) => [`${key}-stream`, '+', '-', 'COUNT', '1'],
};
