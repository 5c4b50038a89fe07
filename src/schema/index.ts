import { builder } from './builder.ts';
import './distribution-list.ts';
import './group.ts';
import './group-changes.ts';
import './message.ts';
import './message-status.ts';
import './metadata.ts';
import './mute.ts';
import './organization.ts';
import './roster.ts';
import './roster-changes.ts';
import './search.ts';
import './send-message.ts';
import './session.ts';
import './typing.ts';
import './user.ts';

export const schema = builder.toSchema();
