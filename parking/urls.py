"""Pages about who may be inside, and the way in and out of the control room."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from parking.views import BLOCKED, visitor_pass


def register_paths(register, under):
    """The four addresses of a register of plates."""
    listed, added, edited, ended = register.pages()
    return [
        path(under, listed, name=register.list_url),
        path(f"{under}add/", added, name=register.add_url),
        path(f"{under}<int:pk>/", edited, name=register.edit_url),
        path(f"{under}<int:pk>/end/", ended, name=register.end_url),
    ]


urlpatterns = [
    path("sign-in/", LoginView.as_view(redirect_authenticated_user=True), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("permits/visitor/", visitor_pass, name="visitor_pass"),
    *register_paths(BLOCKED, "blocked/"),
]
