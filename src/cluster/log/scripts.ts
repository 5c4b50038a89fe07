/**
 * The scripts of shared streams. All keys of a script have one hash tag, so that each runs on one node of a cluster. "Fenced":
 * does nothing and answers FENCED unless the replica is the owner in the lease term of the token. A call costs Redis about 1 µs, so that
 * they are few: the id of the log's last entry stands with its owner (`i`), where XINFO would cost more than XADD.
 */
import { Script } from '../redis/script.ts';

const now = `local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function text(number) return string.format('%.0f', number) end
`;

const lastId = `local function lastId(log)
  local info = redis.pcall('XINFO', 'STREAM', log)
  if info.err then return '0-0' end
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return info[i + 1] end
  end
  return '0-0'
end
`;

const fenced = `if redis.call('HGET', KEYS[1], 'r') ~= ARGV[1] or redis.call('HGET', KEYS[1], 't') ~= ARGV[2] then
  return {'FENCED'}
end
`;

/**
 * Keys: members, time of the first heartbeat. Arguments: replica, milliseconds it counts as alive.
 * Answers: time, until when it counted before (empty: unknown), age of the data, alive replicas; or OTHER and a replica that is alive
 * and of another format (`format.ts`): then this one no longer counts as alive.
 */
export const heartbeat = new Script(`${now}
local function formatOf(replica) return string.match(replica, '^(%d+)%.') or '0' end
local ms = now()
local alive = redis.call('ZRANGEBYSCORE', KEYS[1], text(ms), '+inf')
local format = formatOf(ARGV[1])
for _, replica in ipairs(alive) do
  if formatOf(replica) ~= format then
    redis.call('ZADD', KEYS[1], 'XX', ms - 1, ARGV[1])
    return {'OTHER', replica}
  end
end
local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not before or tonumber(before) < ms then table.insert(alive, ARGV[1]) end
redis.call('ZADD', KEYS[1], ms + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms - 60000)
redis.call('SET', KEYS[2], text(ms), 'NX')
local reply = {text(ms), before and text(tonumber(before)) or '', text(ms - redis.call('GET', KEYS[2]))}
for _, replica in ipairs(alive) do table.insert(reply, replica) end
return reply`);

/** Keys: owner, participants. Arguments: replica, milliseconds to live. Answers: owner, token, mark of its release, participants. */
export const join = new Script(`redis.call('HSET', KEYS[2], ARGV[1], 1)
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local own = redis.call('HMGET', KEYS[1], 'r', 't', 'f')
local reply = {own[1] or '', own[2] or '0', own[3] or ''}
for _, replica in ipairs(redis.call('HKEYS', KEYS[2])) do table.insert(reply, replica) end
return reply`);

/**
 * Keys: owner, log, marks. Arguments: replica, expected owner, expected token, milliseconds to live, id of the history if there is
 * none here, or if the log lacks what it had, format of the replica. Answers: 1, the new token and the id of the history, or 0 and who
 * owns it. A log whose last lease term was of another format goes: what that term acknowledged nothing of this one shows.
 */
export const claim = new Script(`${now}${lastId}
local own = redis.call('HMGET', KEYS[1], 'r', 't', 'v')
local owner, token = own[1] or '', own[2] or '0'
if owner ~= ARGV[2] or token ~= ARGV[3] then return {0, owner, token} end
if token ~= '0' and own[3] ~= ARGV[6] .. ':' .. token then
  redis.call('UNLINK', KEYS[2], KEYS[3])
  redis.call('HDEL', KEYS[1], 'l')
end
local id = lastId(KEYS[2])
local last, number = string.match(id, '^(%d+)-(%d+)$')
local new = text(math.max(now(), tonumber(token) + 1, tonumber(last) + 1))
local had = redis.call('HMGET', KEYS[1], 'l', 'n')
local history = had[1]
if not history or tonumber(number) < tonumber(had[2] or '0') then
  history = ARGV[5]
  redis.call('HDEL', KEYS[1], 'd')
end
redis.call('HSET', KEYS[1], 'r', ARGV[1], 't', new, 'v', ARGV[6] .. ':' .. new, 'l', history, 'n', number, 'i', id)
redis.call('HDEL', KEYS[1], 'f')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {1, new, history}`);

/**
 * Fenced. Keys: owner, log, marks, start of content keys. Arguments: replica, token, last id, milliseconds to live (0: renewed
 * lately), number of the last stored event that was dropped (0: none), number of ids to drop, those, number of ids whose content
 * goes, those, number of ids that were delivered, those, number of the new last id, and 5 words an entry: id, description, mark,
 * milliseconds the content lives (0: none), content. Answers: OK, or HOLE and the last id; the first three lists are done in both cases.
 * Redis that was asleep may run one of a lost connection after its repetition: the number of the last dropped event only grows.
 */
export const append = new Script(`${lastId}
local own = redis.call('HMGET', KEYS[1], 'r', 't', 'i', 'd')
if own[1] ~= ARGV[1] or own[2] ~= ARGV[2] then return {'FENCED'} end
if tonumber(ARGV[5]) > tonumber(own[4] or '0') then redis.call('HSET', KEYS[1], 'd', ARGV[5]) end
local at = 6
local drops = tonumber(ARGV[at])
local contents = {}
if drops > 0 then
  redis.call('XDEL', KEYS[2], unpack(ARGV, at + 1, at + drops))
  redis.call('HDEL', KEYS[3], unpack(ARGV, at + 1, at + drops))
  for i = at + 1, at + drops do table.insert(contents, KEYS[4] .. ARGV[i]) end
end
at = at + drops + 1
local strips = tonumber(ARGV[at])
for i = at + 1, at + strips do table.insert(contents, KEYS[4] .. ARGV[i]) end
if #contents > 0 then redis.call('UNLINK', unpack(contents)) end
at = at + strips + 1
local delivered = tonumber(ARGV[at])
if delivered > 0 then
  local changes = {}
  for i, before in ipairs(redis.call('HMGET', KEYS[3], unpack(ARGV, at + 1, at + delivered))) do
    if not before or (before ~= 'a' and not string.find(before, 'h')) then
      table.insert(changes, ARGV[at + i])
      table.insert(changes, (before or '') .. 'h')
    end
  end
  if #changes > 0 then redis.call('HSET', KEYS[3], unpack(changes)) end
end
at = at + delivered + 1
local last = own[3]
local count = #ARGV
if last == ARGV[3] then
  local isNew = last == '0-0'
  for i = at + 1, count, 5 do
    local id = ARGV[i]
    local added
    if isNew then
      added = redis.pcall('XADD', KEYS[2], id, 'e', ARGV[i + 1])
      isNew = false
    else
      added = redis.pcall('XADD', KEYS[2], 'NOMKSTREAM', id, 'e', ARGV[i + 1])
    end
    if not added then return {'HOLE', '0-0'} end
    if added.err then
      if not string.find(added.err, 'equal or smaller') then return added end
      last = lastId(KEYS[2])
      redis.call('HSET', KEYS[1], 'i', last)
      return {'HOLE', last}
    end
    if ARGV[i + 2] ~= '' then redis.call('HSET', KEYS[3], id, ARGV[i + 2]) end
    if ARGV[i + 3] ~= '0' then redis.call('SET', KEYS[4] .. id, ARGV[i + 4], 'PX', ARGV[i + 3]) end
  end
  if at < count then redis.call('HSET', KEYS[1], 'n', ARGV[at], 'i', ARGV[count - 4]) end
end
if ARGV[4] ~= '0' then
  for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
end
if last ~= ARGV[3] then return {'HOLE', last} end
return {'OK'}`);

/**
 * Keys: owner, log, marks, start of content keys. Arguments: start id, maximum number.
 * Answers: owner, token, last id, id of the history, number of the last stored event that was dropped, and 4 items an entry: id,
 * description, mark, content.
 */
export const read = new Script(`
local own = redis.call('HMGET', KEYS[1], 'r', 't', 'i', 'l', 'd')
local reply = {own[1] or '', own[2] or '0', own[3] or '0-0', own[4] or '', own[5] or '0'}
local entries = redis.call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ARGV[2])
if #entries == 0 then return reply end
local ids = {}
for i, entry in ipairs(entries) do ids[i] = entry[1] end
local marks = redis.call('HMGET', KEYS[3], unpack(ids))
local n = #reply
for i, entry in ipairs(entries) do
  reply[n + 1], reply[n + 2], reply[n + 3] = ids[i], entry[2][2], marks[i] or ''
  reply[n + 4] = redis.call('GET', KEYS[4] .. ids[i]) or ''
  n = n + 4
end
return reply`);

/** Keys: marks. Arguments: mark (h, m, a or x), milliseconds to live, ids. An entry with a keeps it alone. */
export const mark = new Script(`
local changes = {}
if ARGV[1] == 'a' then
  for i = 3, #ARGV do
    table.insert(changes, ARGV[i])
    table.insert(changes, 'a')
  end
else
  for i, before in ipairs(redis.call('HMGET', KEYS[1], unpack(ARGV, 3))) do
    if not before or (before ~= 'a' and not string.find(before, ARGV[1])) then
      table.insert(changes, ARGV[i + 2])
      table.insert(changes, (before or '') .. ARGV[1])
    end
  end
end
if #changes > 0 then redis.call('HSET', KEYS[1], unpack(changes)) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`);

/** Fenced. Keys: owner. Arguments: replica, token, mark of the release. */
export const release = new Script(`${fenced}
redis.call('HSET', KEYS[1], 'r', '', 'f', ARGV[3])
return {'OK'}`);

/** Keys: inbox. Arguments: sender, number, messages, maximum length, milliseconds to live. Answers: id of the entry. */
export const post =
  new Script(`local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'f', ARGV[1], 's', ARGV[2], 'm', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return id`);
