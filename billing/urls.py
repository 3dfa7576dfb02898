"""The driver's pages, and the providers' webhooks."""

from django.urls import path

from billing.views import cards, driver, receipts, unpaid, webhooks

urlpatterns = [
    path("pay/<slug:car_park>/", driver.pay, name="pay"),
    path("pay/<slug:car_park>/<str:token>/", driver.pay_stay, name="pay_stay"),
    path("pay/<slug:car_park>/<str:token>/checkout/", driver.pay_checkout, name="pay_checkout"),
    path("pay/<slug:car_park>/<str:token>/wrong/", driver.pay_wrong, name="pay_wrong"),
    path("pay/<slug:car_park>/<str:token>/done/", driver.pay_done, name="pay_done"),
    path("pay/<slug:car_park>/<str:token>/remind/", driver.pay_remind, name="pay_remind"),
    path("unpaid/", unpaid.unpaid, name="unpaid"),
    path("unpaid/<int:pk>/write-off/", unpaid.write_off, name="unpaid_write_off"),
    path("receipt/<slug:receipt>/", receipts.receipt, name="receipt"),
    path("receipt/<slug:receipt>/send/", receipts.receipt_send, name="receipt_send"),
    path("webhooks/<str:provider_name>/", webhooks.webhook, name="webhook"),
    path("card/back/<slug:reference>/", driver.card_back, name="card_back"),
    path("card/save/<str:token>/", cards.mock_save_card, name="mock_save_card"),
    path("card/<slug:reference>/", cards.mock_card, name="mock_card"),
]
