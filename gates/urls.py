"""The lane API, for lane boxes. The control room's pages follow below it."""

from django.urls import path

from gates import api

urlpatterns = [
    path("api/v1/lane/arrivals", api.arrivals, name="api_arrivals"),
    path("api/v1/lane/events", api.told_events, name="api_events"),
    path(
        "api/v1/lane/passages/<uuid:passage>/pictures/<str:kind>", api.picture, name="api_picture"
    ),
    path("api/v1/lane/beat", api.beat, name="api_beat"),
    path("api/v1/lane/list", api.plate_list, name="api_list"),
]
