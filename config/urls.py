"""Every address of the server, by app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("gates.urls")),
    path("", include("parking.urls")),
    path("", include("billing.urls")),
    path("admin/", admin.site.urls),
]
