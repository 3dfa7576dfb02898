"""The lane API, for lane boxes. The control room's pages follow below it."""

from django.urls import path, re_path

from gates import api
from gates.views import (
    display,
    driver_picture,
    lanes,
    occupancy,
    passages,
    periods,
    permits,
    pictures,
    review,
    shifts,
    site,
    stays,
)
from parking.urls import register_paths

urlpatterns = [
    path("api/v1/lane/arrivals", api.arrivals, name="api_arrivals"),
    path("api/v1/lane/events", api.told_events, name="api_events"),
    path(
        "api/v1/lane/passages/<uuid:passage>/pictures/<str:kind>", api.picture, name="api_picture"
    ),
    path("api/v1/lane/beat", api.beat, name="api_beat"),
    path("api/v1/lane/list", api.plate_list, name="api_list"),
    re_path("^api/", api.nowhere, name="api_nowhere"),
    path(
        "pay/<slug:car_park>/<str:token>/plate.jpg",
        driver_picture.driver_picture,
        name="driver_picture",
    ),
    path("pay/<slug:car_park>/<str:token>/car.jpg", driver_picture.driver_car, name="driver_car"),
    path("display/<str:token>/", display.display, name="display"),
    path("display/<str:token>/now/", display.display_now, name="display_now"),
    # the control room
    path("", lanes.lanes, name="lanes"),
    path("now/site/", site.site_bar, name="site_bar"),
    path("now/tasks/", lanes.tasks, name="tasks"),
    path("now/stream/", lanes.stream, name="stream"),
    path("now/passages/", passages.passages_now, name="passages_now"),
    path("lanes/<slug:name>/card/", lanes.lane_card, name="lane_card"),
    path("lanes/<slug:name>/open/", lanes.lane_open, name="lane_open"),
    path("lanes/<slug:name>/hold-open/", lanes.lane_hold_open, name="lane_hold_open"),
    path("lanes/<slug:name>/release/", lanes.lane_release, name="lane_release"),
    path("passages/", passages.passages, name="passages"),
    path("passages/<uuid:pk>/", passages.passage, name="passage"),
    path("passages/<uuid:pk>/plate/", passages.correct_plate, name="correct_plate"),
    path("pictures/<int:pk>/", pictures.picture, name="picture"),
    path("review/", review.review_page, name="review"),
    path("review/next/", review.review_next, name="review_next"),
    path("review/<int:pk>/answer/", review.review_answer, name="review_answer"),
    path("review/<int:pk>/undo/", review.review_undo, name="review_undo"),
    path("review/quality/", review.review_quality, name="review_quality"),
    path("now/review/", review.review_bar, name="review_bar"),
    path("now/review/count/", review.review_count, name="review_count"),
    path("stays/", stays.stays, name="stays"),
    path("stays/<int:pk>/", stays.stay, name="stay"),
    path("occupancy/", occupancy.occupancy, name="occupancy"),
    path("occupancy/count/", occupancy.count_add, name="count_add"),
    path("periods/", periods.periods, name="periods"),
    path("periods/add/", periods.period_add, name="period_add"),
    path("periods/<int:pk>/", periods.period, name="period"),
    path("periods/<int:pk>/end/", periods.period_end, name="period_end"),
    path("periods/<int:pk>/settle/", periods.period_settle, name="period_settle"),
    path("desk/shifts/<int:pk>/openings/", shifts.shift_openings, name="shift_openings"),
    path("doubts/<int:pk>/settle/", stays.settle_doubt, name="settle_doubt"),
    path("stays/<int:pk>/entitlement/", stays.confirm_entitlement, name="confirm_entitlement"),
    path(
        "entitlements/<int:pk>/withdraw/", stays.withdraw_entitlement, name="withdraw_entitlement"
    ),
    *register_paths(permits.PERMITS, "permits/"),
    path("permits/pools/", permits.pools, name="pools"),
    path("permits/pools/add/", permits.pool_add, name="pool_add"),
    path("permits/pools/<int:pk>/", permits.pool, name="pool"),
    path("permits/pools/<int:pk>/edit/", permits.pool_edit, name="pool_edit"),
    path("permits/entitlements/", permits.entitlements, name="entitlements"),
    path("permits/entitlements/<int:pk>/end/", permits.entitlement_end, name="entitlement_end"),
]
