"""The driver's pages, and the providers' webhooks."""

from django.urls import path

from billing import cards, views

urlpatterns = [
    path("pay/<slug:car_park>/", views.pay, name="pay"),
    path("pay/<slug:car_park>/<str:token>/", views.pay_stay, name="pay_stay"),
    path("pay/<slug:car_park>/<str:token>/checkout/", views.pay_checkout, name="pay_checkout"),
    path("pay/<slug:car_park>/<str:token>/done/", views.pay_done, name="pay_done"),
    path("receipt/<slug:receipt>/", views.receipt, name="receipt"),
    path("webhooks/<str:provider_name>/", views.webhook, name="webhook"),
    path("card/<slug:reference>/", cards.mock_card, name="mock_card"),
]
