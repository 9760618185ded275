"""What happens: load, ask the domain, save, answer domain values. No GraphQL, no HTTP."""
