"""No person is in what is announced; who of the staff announced it stays with it."""

from tirek.core.personal import export, retention

export.leaves_out("what administrators announce about the service", "status.Announcement")
retention.keeps("What was announced about the service, and who announced it.", "status.Announcement")
