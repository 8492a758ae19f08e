from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """Messages between a person, the office and a supplier, on a case or with the department: the written way beside
    every telephone.
    """

    name = "tirek.correspondence"
    label = "correspondence"
