"""The driver's pages, and the providers' webhooks."""

from django.urls import path

from billing.views import cards, driver, prices, webhooks

urlpatterns = [
    path("pay/<slug:car_park>/", driver.pay, name="pay"),
    path("pay/<slug:car_park>/<str:token>/", driver.pay_stay, name="pay_stay"),
    path("pay/<slug:car_park>/<str:token>/checkout/", driver.pay_checkout, name="pay_checkout"),
    path("pay/<slug:car_park>/<str:token>/wrong/", driver.pay_wrong, name="pay_wrong"),
    path("pay/<slug:car_park>/<str:token>/done/", driver.pay_done, name="pay_done"),
    # What two words and a slash follow is the operator's: no car park's name can hide it, or be hidden.
    path("prices/", prices.prices, name="prices"),
    path("prices/versions/new/", prices.new, name="prices_new"),
    path("prices/versions/preview/", prices.preview, name="prices_preview"),
    path("prices/versions/<int:number>/", prices.version, name="prices_version"),
    path("prices/versions/<int:number>/withdraw/", prices.withdraw, name="prices_withdraw"),
    path("prices/versions/<int:number>/what-if/", prices.what_if_version, name="what_if_version"),
    path("prices/what-if/<int:pk>/", prices.what_if, name="what_if"),
    path("prices/what-if/<int:pk>/slice/", prices.what_if_slice, name="what_if_slice"),
    path("prices/what-if/<int:pk>/cancel/", prices.what_if_cancel, name="what_if_cancel"),
    path("prices/<slug:car_park>/", prices.board, name="price_board"),
    path("receipt/<slug:receipt>/", driver.receipt, name="receipt"),
    path("webhooks/<str:provider_name>/", webhooks.webhook, name="webhook"),
    path("card/back/<slug:reference>/", driver.card_back, name="card_back"),
    path("card/save/<str:token>/", cards.mock_save_card, name="mock_save_card"),
    path("card/<slug:reference>/", cards.mock_card, name="mock_card"),
]
