/** What GraphiQL shows a newcomer, each in a tab of its own: read, live, write. */
export const exampleTabs = [
  {
    query: `# The people and groups you talk to, most recent first. Press the play button.
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
            title
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
    query: `# Everything that happens to you, as it happens. Press play and leave it open,
# then send a message from the next tab: the answer arrives here.
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
    query: `# Write to Grace. She reads it, types, and answers: watch the tab with the live events.
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
