import type { CounterpartCardFragment as Counterpart } from 'tigerconnect-graphql/documents';

export const nameOf = (counterpart: Counterpart) =>
  (counterpart.__typename === 'User' ? counterpart.displayName : counterpart.name) ?? 'No name';

/** What stands under the name. */
export function describe(counterpart: Counterpart): string {
  if (counterpart.__typename === 'User')
    return [counterpart.title, counterpart.department].filter((text) => text !== null && text !== '').join(' · ');
  return `${counterpart.__typename === 'Group' ? 'Group' : 'List'} · ${counterpart.memberCount ?? 0} members`;
}

/** Initials on a quiet colour; pictures would have to be loaded from another host. */
export function Avatar({ of }: { readonly of: Counterpart }) {
  const words = nameOf(of).split(/\s+/);
  const initials = `${words[0]?.charAt(0)}${words.length > 1 ? words.at(-1)?.charAt(0) : ''}`.toUpperCase();
  const hue = [...of.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const colours = { background: `hsl(${hue} 32% 90%)`, color: `hsl(${hue} 45% 26%)` };
  return <span aria-hidden="true" className={`avatar ${of.__typename}`} style={colours} children={initials} />;
}
