"""The driver's pages, and the providers' webhooks."""

from django.urls import path

from billing.views import autopay, cards, driver, shops, validators, vouchers, webhooks

urlpatterns = [
    path("pay/<slug:car_park>/", driver.pay, name="pay"),
    path("pay/<slug:car_park>/<str:token>/", driver.pay_stay, name="pay_stay"),
    path("pay/<slug:car_park>/<str:token>/checkout/", driver.pay_checkout, name="pay_checkout"),
    path("pay/<slug:car_park>/<str:token>/wrong/", driver.pay_wrong, name="pay_wrong"),
    path("pay/<slug:car_park>/<str:token>/done/", driver.pay_done, name="pay_done"),
    path("pay/<slug:car_park>/<str:token>/voucher/", vouchers.pay_voucher, name="pay_voucher"),
    path("voucher/<slug:car_park>/<slug:code>/", vouchers.voucher, name="voucher"),
    path("receipt/<slug:receipt>/", driver.receipt, name="receipt"),
    path("webhooks/<str:provider_name>/", webhooks.webhook, name="webhook"),
    path("card/back/<slug:reference>/", driver.card_back, name="card_back"),
    path("card/save/<str:token>/", cards.mock_save_card, name="mock_save_card"),
    path("card/<slug:reference>/", cards.mock_card, name="mock_card"),
    # autopay
    path("autopay/mine/<str:token>/", autopay.autopay_mine, name="autopay_mine"),
    path("autopay/mine/<str:token>/<slug:act>/", autopay.autopay_act, name="autopay_act"),
    path("autopay/<slug:car_park>/", autopay.autopay, name="autopay"),
    path("autopay/<slug:car_park>/<str:token>/", autopay.autopay_stay, name="autopay_stay"),
    path("receipt/<slug:receipt>/autopay/", autopay.autopay_receipt, name="autopay_receipt"),
    path("agreements/", autopay.agreement_list, name="agreements"),
    path("agreements/<int:pk>/end/", autopay.agreement_end, name="agreement_end"),
    # who pays of a stay besides its driver
    path("shop/<str:token>/", shops.shop, name="shop"),
    path("validators/", validators.validators, name="validators"),
    path("validators/add/", validators.validator_add, name="validator_add"),
    path("validators/<int:pk>/", validators.validator, name="validator"),
    path("validators/<int:pk>/edit/", validators.validator_edit, name="validator_edit"),
    path("validators/<int:pk>/end/", validators.validator_end, name="validator_end"),
    path("validators/<int:pk>/link/", validators.validator_link, name="validator_link"),
    path("validations/give/", validators.validation_give, name="validation_give"),
    path(
        "validations/<int:pk>/withdraw/",
        validators.validation_withdraw,
        name="validation_withdraw",
    ),
    path("vouchers/", vouchers.voucher_batches, name="voucher_batches"),
    path("vouchers/add/", vouchers.voucher_add, name="voucher_add"),
    path("vouchers/<int:pk>/", vouchers.voucher_batch, name="voucher_batch"),
    path("vouchers/<int:pk>/end/", vouchers.voucher_end, name="voucher_end"),
]
