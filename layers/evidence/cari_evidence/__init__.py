"""What a verification was decided from: signed, bundled, decided again."""
