import { bodyOf, pathValue, type Routes, success } from '../../http/request-context.ts';
import { groupConversation } from '../../state/conversation.ts';
import { summaryOf } from '../../state/conversation-view.ts';
import { readableGroup } from '../../state/group.ts';
import { countsWire } from '../../wire/v5/conversation.ts';
import { entityItem, groupEntity } from '../../wire/v5/entity.ts';
import { wantsMetadata } from '../acting.ts';
import { avatarHeader, changeGroup, groupFrom, joinGroup, removeGroup } from '../group.ts';
import { itemFor } from './conversation.ts';

export const groupRoutesV5: Routes = {
  createGroupV5: (context) => {
    const group = groupFrom(context, bodyOf(context, 'createNewGroup'));
    const headers = { 'TT-X-Group-Token': group.token, ...avatarHeader(context, group) };
    return success(itemFor(context, groupConversation(context.world, group)), headers);
  },

  getGroupV5: (context) => {
    const { world, caller } = context;
    const group = readableGroup(world, caller, pathValue(context, 'group_token'));
    const entity = groupEntity(world, group, wantsMetadata(context));
    return success(entityItem(groupConversation(world, group).id, group.organization, entity));
  },

  updateGroupV5: changeGroup,

  deleteGroupV5: removeGroup,

  /** Without the id in the reply the JavaScript SDK reads a conversation named ":id" and fails. */
  addGroupMembersV5: (context) => {
    const { world, caller } = context;
    const conversation = groupConversation(world, joinGroup(context));
    const counts = countsWire(summaryOf(world, caller.token, conversation));
    return success({ conversation_id: conversation.id, ...counts });
  },
};
