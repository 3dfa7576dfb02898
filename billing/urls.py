"""The driver's pages, and the providers' webhooks."""

from django.urls import path

from billing.views import cards, desk, driver, money, receipts, refunds, unpaid, webhooks

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
    path("desk/", desk.desk_page, name="desk"),
    path("desk/open/", desk.open_shift, name="open_shift"),
    path("desk/close/", desk.close_shift, name="close_shift"),
    path("desk/stays/<int:pk>/", desk.desk_stay, name="desk_stay"),
    path("desk/stays/<int:pk>/take/", desk.desk_take, name="desk_take"),
    path("desk/shifts/<int:pk>/", desk.shift_page, name="shift"),
    path("money/", money.money_page, name="money"),
    path("money/export/", money.export_ledger, name="export_ledger"),
    path("money/refunds/", refunds.refund_queue, name="refund_queue"),
    path("money/refunds/<int:pk>/close/", refunds.close_refund, name="close_refund"),
    path("payments/<int:pk>/refund/", refunds.refund_payment, name="refund_payment"),
    path("stays/<int:pk>/give-back/", refunds.give_back, name="give_back"),
    path("card/<slug:reference>/", cards.mock_card, name="mock_card"),
]
