"""The driver's pages, and the providers' webhooks."""

from django.urls import path

from billing.views import cards, driver, webhooks

urlpatterns = [
    path("pay/<slug:car_park>/", driver.pay, name="pay"),
    path("pay/<slug:car_park>/<str:token>/", driver.pay_stay, name="pay_stay"),
    path("pay/<slug:car_park>/<str:token>/checkout/", driver.pay_checkout, name="pay_checkout"),
    path("pay/<slug:car_park>/<str:token>/done/", driver.pay_done, name="pay_done"),
    path("receipt/<slug:receipt>/", driver.receipt, name="receipt"),
    path("webhooks/<str:provider_name>/", webhooks.webhook, name="webhook"),
    path("card/save/<str:token>/", cards.mock_save_card, name="mock_save_card"),
    path("card/<slug:reference>/", cards.mock_card, name="mock_card"),
]
