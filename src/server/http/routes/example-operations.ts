/** Example operations of the GraphiQL page, one per tab: a query, a subscription and a mutation. Comments fit its editor. */
export const exampleTabs = [
  {
    query: `# The people and groups you talk
# to, most recent first. Press the
# play button.
query Roster {
  me {
    displayName
  }
  roster {
    entries(first: 20) {
      totalCount
      nodes {
        counterpart {
          __typename
          ... on User {
            id
            displayName
            membership {
              title
            }
          }
          ... on Group {
            id
            name
            memberCount
            members(first: 5) {
              nodes {
                displayName
              }
            }
          }
          ... on DistributionList {
            id
            name
          }
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Messages to you, as they arrive:
# first pending ones, then live
# ones. Press play and leave it
# running, open this page in a
# second window, and send a
# message from there. (GraphiQL
# stops what runs in a tab when
# you choose another tab of the
# same window.)
subscription LiveMessages {
  messageReceived {
    message {
      id
      body
      createdAt
      sender {
        displayName
      }
      group {
        name
      }
    }
  }
}
`,
  },
  {
    query: `# Write to Grace. She reads it,
# types, and answers: watch it in
# the window with the live
# messages.
mutation SendMessage {
  sendMessage(input: { recipient: "grace@example.org", body: "Is room 4 ready?", ttl: 60 }) {
    message {
      id
      status
      createdAt
      expiresAt
    }
  }
}
`,
  },
] as const;
