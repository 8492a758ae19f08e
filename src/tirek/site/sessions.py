"""What a session holds beside the account: the active role and the represented person. Names of its keys, and who may
set them.
"""

from typing import Final

#: Key of the active membership (staff and suppliers); absent at the recipient's desk.
MEMBERSHIP: Final = "membership"
#: Key of the person who is represented at the recipient's desk, or served at the counter.
BEHALF: Final = "behalf"
#: Person behind the account, kept so that a page need not ask.
PERSON: Final = "person"
#: Whether the account has more than one role, kept so that a page need not ask.
SEVERAL_ROLES: Final = "several_roles"
#: Region of residence, kept while something regional is announced.
REGION: Final = "region"
#: When the session was last used, as a timestamp.
SEEN: Final = "seen"
#: When the session was opened, as a timestamp.
BEGAN: Final = "began"
#: Version of the privacy text that the person is known to have agreed to.
REGISTERED: Final = "registered"
